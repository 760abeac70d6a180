package dev.gatehouse.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.testkit.InMemoryStore;
import dev.gatehouse.testkit.ResourceLaw;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rights are asked for what a call acts on, however the call spells that. */
final class ResourceLawTest {
  private static final String DOCUMENT =
      "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iot:Publish\",\"Resource\":\"*\"}}";
  private static final String VICTIM = "secrIKt-"; // with letters that have relatives
  private static final String SECRET = "ToldOfAVictim";
  private static final String TRUST = Booted.TRUST_IOT;
  private static final String MANAGED = "arn:aws:iam::123456789012:policy/";
  private static final String SAMPLES =
      """
      CreateUser query.UserName=new-user
      GetUser query.UserName=${user}
      GetUser query.Any=${self}
      ListUsers
      UpdateUser query.UserName=${user} query.NewUserName=renamed
      UpdateUser query.UserName=${user} query.NewPath=/x/
      UpdateUser query.UserName=renamable query.NewUserName=${absentuser}
      DeleteUser query.UserName=${bareuser}
      CreateAccessKey query.UserName=${user}
      CreateAccessKey query.Any=${self}
      ListAccessKeys query.UserName=${user}
      UpdateAccessKey query.UserName=${user} query.AccessKeyId=${ownkey} query.Status=Inactive
      DeleteAccessKey query.UserName=${user} query.AccessKeyId=${ownkey}
      GetAccessKeyLastUsed query.AccessKeyId=${key}
      CreateGroup query.GroupName=new-group
      GetGroup query.GroupName=${group}
      ListGroups
      UpdateGroup query.GroupName=${group} query.NewGroupName=renamed
      UpdateGroup query.GroupName=renamable query.NewGroupName=${absentgroup}
      DeleteGroup query.GroupName=${baregroup}
      AddUserToGroup query.GroupName=${group} query.UserName=renamable
      RemoveUserFromGroup query.GroupName=${group} query.UserName=member
      ListGroupsForUser query.UserName=${user}
      CreateRole query.RoleName=new-role query.AssumeRolePolicyDocument=${trust}
      GetRole query.RoleName=${role}
      ListRoles
      UpdateRole query.RoleName=${role} query.Description=x
      UpdateAssumeRolePolicy query.RoleName=${role} query.PolicyDocument=${trust}
      DeleteRole query.RoleName=${barerole}
      CreatePolicy query.PolicyName=new-policy query.PolicyDocument=${document}
      GetPolicy query.PolicyArn=${policy}
      ListPolicies
      DeletePolicy query.PolicyArn=${barepolicy}
      CreatePolicyVersion query.PolicyArn=${policy} query.PolicyDocument=${document}
      GetPolicyVersion query.PolicyArn=${policy} query.VersionId=v1
      ListPolicyVersions query.PolicyArn=${policy}
      DeletePolicyVersion query.PolicyArn=${policy} query.VersionId=v2
      SetDefaultPolicyVersion query.PolicyArn=${policy} query.VersionId=v2
      ListEntitiesForPolicy query.PolicyArn=${policy}
      AttachUserPolicy query.UserName=${user} query.PolicyArn=${other}
      DetachUserPolicy query.UserName=${user} query.PolicyArn=${shared}
      ListAttachedUserPolicies query.UserName=${user}
      PutUserPolicy query.UserName=${user} query.PolicyName=p query.PolicyDocument=${document}
      GetUserPolicy query.UserName=${user} query.PolicyName=inline
      DeleteUserPolicy query.UserName=${user} query.PolicyName=inline
      ListUserPolicies query.UserName=${user}
      AttachGroupPolicy query.GroupName=${group} query.PolicyArn=${other}
      DetachGroupPolicy query.GroupName=${group} query.PolicyArn=${shared}
      ListAttachedGroupPolicies query.GroupName=${group}
      PutGroupPolicy query.GroupName=${group} query.PolicyName=p query.PolicyDocument=${document}
      GetGroupPolicy query.GroupName=${group} query.PolicyName=inline
      DeleteGroupPolicy query.GroupName=${group} query.PolicyName=inline
      ListGroupPolicies query.GroupName=${group}
      AttachRolePolicy query.RoleName=${role} query.PolicyArn=${other}
      DetachRolePolicy query.RoleName=${role} query.PolicyArn=${shared}
      ListAttachedRolePolicies query.RoleName=${role}
      PutRolePolicy query.RoleName=${role} query.PolicyName=p query.PolicyDocument=${document}
      GetRolePolicy query.RoleName=${role} query.PolicyName=inline
      DeleteRolePolicy query.RoleName=${role} query.PolicyName=inline
      ListRolePolicies query.RoleName=${role}
      TagUser query.UserName=${user} query.Tags.member.1.Key=a query.Tags.member.1.Value=b
      UntagUser query.UserName=${user} query.TagKeys.member.1=k
      ListUserTags query.UserName=${user}
      TagRole query.RoleName=${role} query.Tags.member.1.Key=a query.Tags.member.1.Value=b
      UntagRole query.RoleName=${role} query.TagKeys.member.1=k
      ListRoleTags query.RoleName=${role}
      TagPolicy query.PolicyArn=${policy} query.Tags.member.1.Key=a query.Tags.member.1.Value=b
      UntagPolicy query.PolicyArn=${policy} query.TagKeys.member.1=k
      ListPolicyTags query.PolicyArn=${policy}
      GetCallerIdentity
      AssumeRole query.RoleArn=arn:aws:iam::123456789012:role/taken query.RoleSessionName=visit
      CreateIdentityPool body={'IdentityPoolName': 'new', 'AllowUnauthenticatedIdentities': true}
      UpdateIdentityPool body={'IdentityPoolId': '${pool}', 'IdentityPoolName': 'x', 'AllowUnauthenticatedIdentities': true}
      DescribeIdentityPool body={'IdentityPoolId': '${pool}'}
      ListIdentityPools body={'MaxResults': 10}
      DeleteIdentityPool body={'IdentityPoolId': '${pool}'}
      SetIdentityPoolRoles body={'IdentityPoolId': '${pool}', 'Roles': {}}
      GetIdentityPoolRoles body={'IdentityPoolId': '${pool}'}
      GetId body={'IdentityPoolId': '${openpool}'}
      GetCredentialsForIdentity body={'IdentityId': '${identity}'}
      """;

  @TempDir Path directory;
  private InMemoryStore filled;
  private final Map<String, ResourceLaw.Names> names = new HashMap<>();

  private static ResourceLaw.Names entity(String kind, String name) {
    return new ResourceLaw.Names(
        name, VICTIM + name, "arn:aws:iam::123456789012:" + kind + "/" + VICTIM + name);
  }

  private static ResourceLaw.Names managed(String name) {
    String victim = MANAGED + VICTIM + name;
    return new ResourceLaw.Names(MANAGED + name, victim, victim);
  }

  private World world() {
    try {
      if (filled == null) {
        InMemoryStore store = new InMemoryStore();
        fill(new Booted(directory, store, true));
        filled = store;
      }
      InMemoryStore store = filled.copyOfRows();
      Booted gateway = new Booted(directory, store, true);
      return new World(
          gateway.iam.operations(),
          store,
          gateway.principal(Booted.ACCOUNT, "user"),
          names,
          List.of(SECRET));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void fill(Booted gateway) {
    for (String kind : List.of("user", "group", "role")) {
      names.put(kind, entity(kind, kind));
      names.put("bare" + kind, entity(kind, "bare" + kind));
    }
    names.put("absentuser", entity("user", "absent"));
    names.put("absentgroup", entity("group", "absent"));
    names.put("self", new ResourceLaw.Names("x", "y", "arn:aws:iam::123456789012:user/user"));
    names.put("policy", managed("policy"));
    names.put("barepolicy", managed("barepolicy"));
    names.put("trust", ResourceLaw.Names.text(TRUST));
    names.put("document", ResourceLaw.Names.text(DOCUMENT));
    names.put("shared", ResourceLaw.Names.text(MANAGED + "shared"));
    names.put("other", ResourceLaw.Names.text(MANAGED + "other"));
    policy(gateway, "shared", "x");
    policy(gateway, "other", "x");
    String[] mine = entities(gateway, "", "plain");
    String[] victims = entities(gateway, VICTIM, SECRET);
    names.put(
        "key", new ResourceLaw.Names(mine[0], victims[0], entity("user", "user").victimArn()));
    names.put("ownkey", ResourceLaw.Names.text(mine[0]));
    String pools = "arn:aws:cognito-identity:us-east-1:123456789012:identitypool/";
    names.put("pool", new ResourceLaw.Names(mine[1], victims[1], pools + victims[1]));
    gateway.call("CreateUser", "UserName", "renamable");
    gateway.call("CreateGroup", "GroupName", "renamable");
    for (String prefix : List.of("", VICTIM)) {
      String member = prefix + "member";
      gateway.call("CreateUser", "UserName", member);
      gateway.call("AddUserToGroup", "UserName", member, "GroupName", prefix + "group");
    }
    String itself = Booted.trust("\"AWS\":\"arn:aws:iam::123456789012:user/user\"");
    gateway.call("CreateRole", "RoleName", "taken", "AssumeRolePolicyDocument", itself);
    identity(gateway);
  }

  /** Returns the id of an access key and the one of an identity pool. */
  private String[] entities(Booted gateway, String prefix, String secret) {
    for (String bare : List.of("", "bare")) {
      String named = prefix + bare;
      gateway.call("CreateUser", "UserName", named + "user");
      gateway.call("CreateGroup", "GroupName", named + "group");
      gateway.call("CreateRole", "RoleName", named + "role", "AssumeRolePolicyDocument", TRUST);
      policy(gateway, named + "policy", secret);
    }
    gateway.call("UpdateRole", "RoleName", prefix + "role", "Description", secret);
    for (String kind : List.of("User", "Group", "Role")) {
      String parameter = kind + "Name";
      String name = prefix + kind.toLowerCase(java.util.Locale.ROOT);
      gateway.call("Attach" + kind + "Policy", parameter, name, "PolicyArn", MANAGED + "shared");
      gateway.call(
          "Put" + kind + "Policy",
          parameter,
          name,
          "PolicyName",
          "inline",
          "PolicyDocument",
          DOCUMENT.replace("iot:Publish", "iot:" + secret));
    }
    tag(gateway, "User", "UserName", prefix + "user", secret);
    tag(gateway, "Role", "RoleName", prefix + "role", secret);
    tag(gateway, "Policy", "PolicyArn", MANAGED + prefix + "policy", secret);
    String policy = MANAGED + prefix + "policy";
    gateway.call("CreatePolicyVersion", "PolicyArn", policy, "PolicyDocument", DOCUMENT);
    return new String[] {
      gateway
          .call("CreateAccessKey", "UserName", prefix + "user")
          .at("/AccessKey/AccessKeyId")
          .asText(),
      pool(gateway, secret)
    };
  }

  private static void policy(Booted gateway, String name, String description) {
    gateway.call(
        "CreatePolicy", "PolicyName", name, "PolicyDocument", DOCUMENT, "Description", description);
  }

  private static void tag(
      Booted gateway, String kind, String parameter, String name, String value) {
    gateway.call(
        "Tag" + kind, parameter, name, "Tags.member.1.Key", "k", "Tags.member.1.Value", value);
  }

  private static String pool(Booted gateway, String name) {
    String body = "{'IdentityPoolName': '%s', 'AllowUnauthenticatedIdentities': true}";
    return gateway.json("CreateIdentityPool", body.formatted(name)).path("IdentityPoolId").asText();
  }

  private void identity(Booted gateway) {
    String pool = pool(gateway, "open");
    String trust = Booted.trust("\"Federated\":\"cognito-identity.amazonaws.com\"");
    gateway.call(
        "CreateRole",
        "RoleName",
        "pooled",
        "AssumeRolePolicyDocument",
        trust.replace("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"));
    gateway.json(
        "SetIdentityPoolRoles",
        "{'IdentityPoolId': '%s', 'Roles': {'unauthenticated': '%s'}}"
            .formatted(pool, "arn:aws:iam::123456789012:role/pooled"));
    names.put("openpool", ResourceLaw.Names.text(pool));
    names.put(
        "identity",
        ResourceLaw.Names.text(
            gateway
                .json("GetId", "{'IdentityPoolId': '" + pool + "'}")
                .path("IdentityId")
                .asText()));
  }

  private record World(
      List<ApiOperation> operations,
      InMemoryStore store,
      Principal caller,
      Map<String, ResourceLaw.Names> names,
      List<String> secrets)
      implements ResourceLaw.World {}

  @Test
  void rightsAreAskedForWhatACallActsOnHoweverItIsSpelled() {
    assertThat(ResourceLaw.violations(this::world, SAMPLES, 80, 1)).isEmpty();
  }
}
