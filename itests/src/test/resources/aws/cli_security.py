"""Certificates, CAs, transfers and policies, typed."""
from cli import aws, other, write
from stand import ARN, SECOND, allow, authority, request, same, signed


def remove(certificate, by=aws):
    by(f'iot update-certificate --certificate-id {certificate} --new-status INACTIVE')
    by(f'iot delete-certificate --certificate-id {certificate}')


def certificates():
    made = aws('iot create-keys-and-certificate --set-as-active --certificate-pem-outfile own.pem'
               ' --public-key-outfile own.pub --private-key-outfile own.key')
    own = made['certificateId']
    with open('own.key', encoding='ascii') as key:
        same(key.read(), made['keyPair']['PrivateKey'])
    same(aws(f'iot describe-certificate --certificate-id {own} --query certificateDescription.status'), 'ACTIVE')
    request('csr', '/CN=asked')
    other_id = aws('iot create-certificate-from-csr --certificate-signing-request file://csr.csr'
                   ' --query certificateId --output text')
    page = aws('iot list-certificates --ascending-order --page-size 1')
    rest = aws(f"iot list-certificates --ascending-order --page-size 1 --marker {page['nextMarker']}")
    same([(one['certificateId'], one['status']) for one in page['certificates'] + rest['certificates']],
         [(own, 'ACTIVE'), (other_id, 'INACTIVE')])
    assert 'nextMarker' not in rest
    aws.refused('CertificateStateException', f'iot delete-certificate --certificate-id {own}')
    for one in (own, other_id):
        remove(one)
    aws.refused('ResourceNotFoundException', f'iot describe-certificate --certificate-id {own}')


def authorities():
    authority('works')
    aws('iot get-registration-code')
    aws('iot delete-registration-code')
    code = aws('iot get-registration-code --query registrationCode --output text')
    signed('proof', '/CN=' + code, 'works')
    register = 'iot register-ca-certificate --ca-certificate file://works.pem --verification-certificate file://'
    write('none.pem', 'x')
    aws.refused('CertificateValidationException', register + 'none.pem')
    ca = aws(register + 'proof.pem --set-as-active --allow-auto-registration --query certificateId --output text')
    same(aws(f'iot describe-ca-certificate --certificate-id {ca} --query certificateDescription.'
             '[status,autoRegistrationStatus]'), ['ACTIVE', 'ENABLE'])
    same(aws('iot list-ca-certificates --query certificates[].certificateArn'), [ARN + 'cacert/' + ca])
    signed('lamp', '/CN=lamp', 'works')
    leaf = aws('iot register-certificate --certificate-pem file://lamp.pem --ca-certificate-pem file://works.pem'
               ' --status ACTIVE --query certificateId --output text')
    same(aws(f'iot list-certificates-by-ca --ca-certificate-id {ca} --query certificates[].certificateId'), [leaf])
    authority('alone')
    alone = aws('iot register-certificate-without-ca --certificate-pem file://alone.pem --query certificateId'
                ' --output text')
    aws.refused('ResourceAlreadyExistsException',
                'iot register-certificate-without-ca --certificate-pem file://alone.pem')
    aws(f'iot update-ca-certificate --certificate-id {ca} --new-status INACTIVE'
        ' --new-auto-registration-status DISABLE')
    aws(f'iot delete-ca-certificate --certificate-id {ca}')
    for one in (leaf, alone):
        remove(one)


def transfers():
    theirs = other()
    own = aws('iot create-keys-and-certificate --query certificateId --output text')
    send = f'iot transfer-certificate --certificate-id {own} --target-aws-account {SECOND} --transfer-message yours'
    same(aws(send), {'transferredCertificateArn': f'arn:aws:iot:us-east-1:{SECOND}:cert/{own}'})
    same(aws('iot list-outgoing-certificates --query outgoingCertificates[].[certificateId,transferredTo]'),
         [[own, SECOND]])
    theirs(f'iot reject-certificate-transfer --certificate-id {own} --reject-reason no')
    same(aws(f'iot describe-certificate --certificate-id {own} --query'
             ' certificateDescription.transferData.rejectReason'), 'no')
    aws(send)
    aws(f'iot cancel-certificate-transfer --certificate-id {own}')
    aws.refused('TransferAlreadyCompletedException', f'iot cancel-certificate-transfer --certificate-id {own}')
    aws(send)
    theirs(f'iot accept-certificate-transfer --certificate-id {own} --set-as-active')
    same(theirs(f'iot describe-certificate --certificate-id {own} --query'
                ' certificateDescription.[status,previousOwnedBy]'), ['ACTIVE', '000000000000'])
    remove(own, by=theirs)


def policies():
    arn = aws('iot create-keys-and-certificate --set-as-active --query certificateArn --output text')
    write('one.json', allow('iot:Connect'))
    write('two.json', allow('iot:*'))
    same(aws('iot create-policy --policy-name p --policy-document file://one.json --query policyArn'),
         ARN + 'policy/p')
    aws.refused('MalformedPolicyException', "iot create-policy --policy-name bad --policy-document '{}'")
    same(aws('iot create-policy-version --policy-name p --policy-document file://two.json'
             ' --query [policyVersionId,isDefaultVersion]'), ['2', False])
    aws('iot set-default-policy-version --policy-name p --policy-version-id 2')
    same(aws('iot get-policy --policy-name p --query [policyDocument,defaultVersionId]'), [allow('iot:*'), '2'])
    same(aws('iot get-policy-version --policy-name p --policy-version-id 1 --query [policyDocument,isDefaultVersion]'),
         [allow('iot:Connect'), False])
    same(aws('iot list-policy-versions --policy-name p --query policyVersions[?isDefaultVersion].versionId'), ['2'])
    aws('iot delete-policy-version --policy-name p --policy-version-id 1')
    same(aws('iot list-policies --query policies[].policyName'), ['p'])

    aws(f'iot attach-policy --policy-name p --target {arn}')
    same(aws(f'iot list-attached-policies --target {arn} --query policies[].policyName'), ['p'])
    same(aws('iot list-targets-for-policy --policy-name p'), {'targets': [arn]})
    same(aws(f'iot get-effective-policies --principal {arn} --query effectivePolicies[].policyName'), ['p'])
    same(aws(f'iot test-authorization --principal {arn} --auth-infos'
             f' actionType=PUBLISH,resources={ARN}topic/a --query authResults[].authDecision'), ['ALLOWED'])
    aws.refused('DeleteConflictException', 'iot delete-policy --policy-name p')
    aws(f'iot detach-policy --policy-name p --target {arn}')
    aws(f'iot attach-principal-policy --policy-name p --principal {arn}')
    same(aws(f'iot list-principal-policies --principal {arn} --query policies[].policyName'), ['p'])
    same(aws('iot list-policy-principals --policy-name p'), {'principals': [arn]})
    aws(f'iot detach-principal-policy --policy-name p --principal {arn}')
    aws('iot delete-policy --policy-name p')
    remove(arn.split('/')[1])
