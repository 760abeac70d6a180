package dev.gatehouse.itests;

import static dev.gatehouse.itests.AwsStand.SECOND;
import static dev.gatehouse.itests.SdkRegistry.assertFresh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.cognitoidentity.CognitoIdentityClient;
import software.amazon.awssdk.services.cognitoidentity.model.IdentityPoolShortDescription;
import software.amazon.awssdk.services.cognitoidentity.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentity.model.ResourceNotFoundException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.AccessKeyMetadata;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.Group;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.PolicyScopeType;
import software.amazon.awssdk.services.iam.model.PolicyVersion;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.User;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.UnauthorizedException;
import software.amazon.awssdk.services.sts.StsClient;

/** Users, groups, roles, sessions and identities by the SDK. */
final class SdkUsers {
  private static final String ACCOUNT = "arn:aws:iam::000000000000:";
  private static final AttachedPolicy READ_ONLY =
      AttachedPolicy.builder()
          .policyName("AWSIoTConfigReadOnlyAccess")
          .policyArn("arn:aws:iam::aws:policy/AWSIoTConfigReadOnlyAccess")
          .build();
  private static final String PUBLISH = Device.allow("iot:Publish");

  private final SdkClients clients;
  private final IamClient iam;

  SdkUsers(SdkClients clients) {
    this.clients = clients;
    this.iam = clients.iam;
  }

  private static String trust(String principal, String action) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{"
        + principal
        + "},\"Action\":\"sts:"
        + action
        + "\"}]}";
  }

  /** The SDK leaves documents as IAM sends them. */
  private static void assertPublish(String document) {
    assertThat(URLDecoder.decode(document, StandardCharsets.UTF_8)).isEqualTo(PUBLISH);
  }

  void users() {
    User anna = iam.createUser(u -> u.userName("anna").path("/staff/")).user();
    assertThat(anna.arn()).isEqualTo(ACCOUNT + "user/staff/anna");
    assertFresh(anna.createDate());
    assertThatThrownBy(() -> iam.createUser(u -> u.userName("anna")))
        .isInstanceOf(EntityAlreadyExistsException.class);
    iam.updateUser(u -> u.userName("anna").newUserName("ann"));
    assertThat(iam.getUser(u -> u.userName("ann")).user().userId()).isEqualTo(anna.userId());
    assertThat(iam.listUsersPaginator(u -> u.maxItems(1)).users())
        .extracting(User::userName)
        .containsExactly("admin", "ann");
    keys();
    iam.attachUserPolicy(u -> u.userName("ann").policyArn(READ_ONLY.policyArn()));
    assertThat(iam.listAttachedUserPolicies(u -> u.userName("ann")).attachedPolicies())
        .containsExactly(READ_ONLY);
    iam.putUserPolicy(u -> u.userName("ann").policyName("in").policyDocument(PUBLISH));
    assertThat(iam.listUserPolicies(u -> u.userName("ann")).policyNames()).containsExactly("in");
    assertPublish(iam.getUserPolicy(u -> u.userName("ann").policyName("in")).policyDocument());
    assertThatThrownBy(() -> iam.deleteUser(u -> u.userName("ann")))
        .isInstanceOf(DeleteConflictException.class);
    iam.deleteUserPolicy(u -> u.userName("ann").policyName("in"));
    iam.detachUserPolicy(u -> u.userName("ann").policyArn(READ_ONLY.policyArn()));
    iam.deleteUser(u -> u.userName("ann"));
    assertThatThrownBy(() -> iam.getUser(u -> u.userName("ann")))
        .isInstanceOf(NoSuchEntityException.class);
  }

  private void keys() {
    AccessKey key = iam.createAccessKey(k -> k.userName("ann")).accessKey();
    assertThat(key.status()).isEqualTo(StatusType.ACTIVE);
    assertFresh(key.createDate());
    AwsBasicCredentials known =
        AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey());
    try (IotClient ann = clients.client(IotClient.builder(), known)) {
      assertThatThrownBy(() -> ann.listThings()).isInstanceOf(UnauthorizedException.class);
    }
    assertThat(iam.getAccessKeyLastUsed(k -> k.accessKeyId(key.accessKeyId())).userName())
        .isEqualTo("ann");
    iam.updateAccessKey(
        k -> k.userName("ann").accessKeyId(key.accessKeyId()).status(StatusType.INACTIVE));
    assertThat(iam.listAccessKeys(k -> k.userName("ann")).accessKeyMetadata())
        .extracting(AccessKeyMetadata::status)
        .containsExactly(StatusType.INACTIVE);
    iam.deleteAccessKey(k -> k.userName("ann").accessKeyId(key.accessKeyId()));
  }

  void groups() {
    Group crew = iam.createGroup(g -> g.groupName("crew")).group();
    iam.updateGroup(g -> g.groupName("crew").newGroupName("team"));
    iam.createUser(u -> u.userName("bob"));
    iam.addUserToGroup(g -> g.groupName("team").userName("bob"));
    var found = iam.getGroup(g -> g.groupName("team"));
    assertThat(found.group().groupId()).isEqualTo(crew.groupId());
    assertThat(found.users()).extracting(User::userName).containsExactly("bob");
    assertThat(iam.listGroupsForUser(g -> g.userName("bob")).groups())
        .extracting(Group::arn)
        .containsExactly(ACCOUNT + "group/team");
    assertThat(iam.listGroupsPaginator().groups())
        .extracting(Group::groupName)
        .containsExactly("team");
    iam.attachGroupPolicy(g -> g.groupName("team").policyArn(READ_ONLY.policyArn()));
    assertThat(iam.listAttachedGroupPolicies(g -> g.groupName("team")).attachedPolicies())
        .containsExactly(READ_ONLY);
    iam.putGroupPolicy(g -> g.groupName("team").policyName("in").policyDocument(PUBLISH));
    assertThat(iam.listGroupPolicies(g -> g.groupName("team")).policyNames()).containsExactly("in");
    assertPublish(iam.getGroupPolicy(g -> g.groupName("team").policyName("in")).policyDocument());
    iam.deleteGroupPolicy(g -> g.groupName("team").policyName("in"));
    iam.detachGroupPolicy(g -> g.groupName("team").policyArn(READ_ONLY.policyArn()));
    iam.removeUserFromGroup(g -> g.groupName("team").userName("bob"));
    iam.deleteGroup(g -> g.groupName("team"));
    iam.deleteUser(u -> u.userName("bob"));
  }

  void policies() {
    var made = iam.createPolicy(p -> p.policyName("p").policyDocument(PUBLISH)).policy();
    String arn = made.arn();
    assertThat(arn).isEqualTo(ACCOUNT + "policy/p");
    assertFresh(made.createDate(), made.updateDate());
    iam.createPolicyVersion(p -> p.policyArn(arn).policyDocument(PUBLISH));
    iam.setDefaultPolicyVersion(p -> p.policyArn(arn).versionId("v2"));
    assertThat(iam.getPolicy(p -> p.policyArn(arn)).policy().defaultVersionId()).isEqualTo("v2");
    assertPublish(
        iam.getPolicyVersion(p -> p.policyArn(arn).versionId("v1")).policyVersion().document());
    assertThat(iam.listPolicyVersions(p -> p.policyArn(arn)).versions())
        .extracting(PolicyVersion::versionId)
        .containsExactlyInAnyOrder("v1", "v2");
    assertThatThrownBy(() -> iam.deletePolicyVersion(p -> p.policyArn(arn).versionId("v2")))
        .isInstanceOf(DeleteConflictException.class);
    iam.deletePolicyVersion(p -> p.policyArn(arn).versionId("v1"));
    assertThat(iam.listPoliciesPaginator(p -> p.scope(PolicyScopeType.LOCAL)).policies())
        .extracting(software.amazon.awssdk.services.iam.model.Policy::policyName)
        .containsExactly("p");
    assertThat(iam.listEntitiesForPolicy(p -> p.policyArn(arn)).policyUsers()).isEmpty();
    iam.deletePolicy(p -> p.policyArn(arn));
    assertThatThrownBy(() -> iam.createPolicy(p -> p.policyName("bad").policyDocument("{}")))
        .isInstanceOf(MalformedPolicyDocumentException.class);
  }

  void roles() {
    String trust = trust("\"AWS\":\"" + SECOND + "\"", "AssumeRole");
    Role made = iam.createRole(r -> r.roleName("visitors").assumeRolePolicyDocument(trust)).role();
    assertThat(made.arn()).isEqualTo(ACCOUNT + "role/visitors");
    assertFresh(made.createDate());
    iam.updateRole(r -> r.roleName("visitors").description("d").maxSessionDuration(7200));
    Role found = iam.getRole(r -> r.roleName("visitors")).role();
    assertThat(found.description()).isEqualTo("d");
    assertThat(found.maxSessionDuration()).isEqualTo(7200);
    assertThat(URLDecoder.decode(found.assumeRolePolicyDocument(), StandardCharsets.UTF_8))
        .isEqualTo(trust);
    iam.updateAssumeRolePolicy(r -> r.roleName("visitors").policyDocument(trust));
    assertThat(iam.listRolesPaginator().roles()).extracting(Role::roleName).contains("visitors");
    iam.attachRolePolicy(r -> r.roleName("visitors").policyArn(READ_ONLY.policyArn()));
    assertThat(iam.listAttachedRolePolicies(r -> r.roleName("visitors")).attachedPolicies())
        .containsExactly(READ_ONLY);
    iam.putRolePolicy(r -> r.roleName("visitors").policyName("in").policyDocument(PUBLISH));
    assertThat(iam.listRolePolicies(r -> r.roleName("visitors")).policyNames())
        .containsExactly("in");
    assertPublish(iam.getRolePolicy(r -> r.roleName("visitors").policyName("in")).policyDocument());
    session(made.arn());
    iam.deleteRolePolicy(r -> r.roleName("visitors").policyName("in"));
    iam.detachRolePolicy(r -> r.roleName("visitors").policyArn(READ_ONLY.policyArn()));
    iam.deleteRole(r -> r.roleName("visitors"));
    assertThatThrownBy(() -> iam.getRole(r -> r.roleName("visitors")))
        .isInstanceOf(NoSuchEntityException.class);
  }

  private void session(String role) {
    assertThat(clients.sts.getCallerIdentity().arn()).isEqualTo(ACCOUNT + "user/admin");
    try (StsClient theirs = clients.client(StsClient.builder(), clients.second())) {
      var taken = theirs.assumeRole(r -> r.roleArn(role).roleSessionName("visit"));
      assertThat(taken.assumedRoleUser().arn())
          .isEqualTo("arn:aws:sts::000000000000:assumed-role/visitors/visit");
      var got = taken.credentials();
      AwsSessionCredentials session =
          AwsSessionCredentials.create(
              got.accessKeyId(), got.secretAccessKey(), got.sessionToken());
      try (IotClient visitor = clients.client(IotClient.builder(), session)) {
        visitor.listThings();
        assertThatThrownBy(() -> visitor.createThing(t -> t.thingName("x")))
            .isInstanceOf(UnauthorizedException.class);
      }
    }
  }

  void identities() {
    CognitoIdentityClient cognito = clients.cognito;
    String pool =
        cognito
            .createIdentityPool(
                p -> p.identityPoolName("house").allowUnauthenticatedIdentities(false))
            .identityPoolId();
    assertThatThrownBy(() -> cognito.getId(i -> i.identityPoolId(pool)))
        .isInstanceOf(NotAuthorizedException.class);
    cognito.updateIdentityPool(
        p -> p.identityPoolId(pool).identityPoolName("home").allowUnauthenticatedIdentities(true));
    assertThat(cognito.describeIdentityPool(p -> p.identityPoolId(pool)).identityPoolName())
        .isEqualTo("home");
    assertThat(cognito.listIdentityPoolsPaginator(p -> p.maxResults(5)).identityPools())
        .extracting(IdentityPoolShortDescription::identityPoolId)
        .containsExactly(pool);
    String trust =
        trust("\"Federated\":\"cognito-identity.amazonaws.com\"", "AssumeRoleWithWebIdentity");
    iam.createRole(r -> r.roleName("strangers").assumeRolePolicyDocument(trust));
    Map<String, String> roles = Map.of("unauthenticated", ACCOUNT + "role/strangers");
    cognito.setIdentityPoolRoles(p -> p.identityPoolId(pool).roles(roles));
    assertThat(cognito.getIdentityPoolRoles(p -> p.identityPoolId(pool)).roles()).isEqualTo(roles);
    String identity = cognito.getId(i -> i.identityPoolId(pool)).identityId();
    var got = cognito.getCredentialsForIdentity(i -> i.identityId(identity)).credentials();
    assertThat(got.expiration()).isAfter(Instant.now());
    AwsSessionCredentials session =
        AwsSessionCredentials.create(got.accessKeyId(), got.secretKey(), got.sessionToken());
    try (IotClient stranger = clients.client(IotClient.builder(), session)) {
      assertThatThrownBy(() -> stranger.listThings()).isInstanceOf(UnauthorizedException.class);
    }
    cognito.deleteIdentityPool(p -> p.identityPoolId(pool));
    assertThatThrownBy(() -> cognito.describeIdentityPool(p -> p.identityPoolId(pool)))
        .isInstanceOf(ResourceNotFoundException.class);
    iam.deleteRole(r -> r.roleName("strangers"));
  }
}
