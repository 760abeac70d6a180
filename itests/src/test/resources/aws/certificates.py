"""Certificates and CAs: what is answered, and what is refused how."""
import hashlib
import ssl

from clients import iot, names, refused, second
from stand import ARN, SECOND, authority, fresh, has, request, same, signed

NOBODY = '0' * 64


def described(certificate, by=iot):
    return by.describe_certificate(certificateId=certificate)['certificateDescription']


def remove(*certificates, by=iot):
    for certificate in certificates:
        by.update_certificate(certificateId=certificate, newStatus='INACTIVE')
        by.delete_certificate(certificateId=certificate)


def keys():
    made = iot.create_keys_and_certificate(setAsActive=True)
    own = made['certificateId']
    der = ssl.PEM_cert_to_DER_cert(made['certificatePem'])
    same((own, made['certificateArn']), (hashlib.sha256(der).hexdigest(), ARN + 'cert/' + own))
    assert 'BEGIN PUBLIC KEY' in made['keyPair']['PublicKey']
    assert 'BEGIN RSA PRIVATE KEY' in made['keyPair']['PrivateKey']
    found = has(described(own), certificateArn=made['certificateArn'], certificateId=own, status='ACTIVE',
                certificatePem=made['certificatePem'], ownedBy='000000000000', customerVersion=1,
                certificateMode='DEFAULT')
    fresh(found['creationDate'], found['lastModifiedDate'])
    assert found['validity']['notBefore'] < found['creationDate'] < found['validity']['notAfter']
    assert 'caCertificateId' not in found and 'previousOwnedBy' not in found and found['generationId']

    asked = iot.create_certificate_from_csr(certificateSigningRequest=request('csr', '/CN=asked'))
    other = asked['certificateId']
    same(described(other)['status'], 'INACTIVE')
    same(asked['certificatePem'], described(other)['certificatePem'])
    refused('InvalidRequestException', 400, iot.create_certificate_from_csr, 'PKCS #10',
            certificateSigningRequest='none')

    listed = iot.list_certificates(ascendingOrder=True)['certificates']
    same([entry['certificateId'] for entry in listed], [own, other])
    has(listed[0], certificateArn=made['certificateArn'], status='ACTIVE', certificateMode='DEFAULT')
    fresh(listed[0]['creationDate'])
    same(names('list_certificates', 'certificates', 'certificateId', size=1), [other, own])
    refused('InvalidRequestException', 400, iot.list_certificates, 'pageSize', pageSize=0)

    iot.update_certificate(certificateId=other, newStatus='ACTIVE')
    has(described(other), status='ACTIVE', customerVersion=2)
    refused('InvalidRequestException', 400, iot.update_certificate, 'PENDING_TRANSFER', certificateId=other,
            newStatus='PENDING_TRANSFER')
    refused('ResourceNotFoundException', 404, iot.describe_certificate, certificateId=NOBODY)
    refused('InvalidRequestException', 400, iot.describe_certificate, certificateId='short')
    refused('CertificateStateException', 406, iot.delete_certificate, 'must be deactivated', certificateId=other)
    remove(own, other)
    refused('ResourceNotFoundException', 404, iot.delete_certificate, certificateId=own)
    same(iot.list_certificates()['certificates'], [])


def authorities():
    works = authority('works')
    code = iot.get_registration_code()['registrationCode']
    same((len(code), iot.get_registration_code()['registrationCode']), (64, code))
    iot.delete_registration_code()
    refused('ResourceNotFoundException', 404, iot.delete_registration_code)
    assert iot.get_registration_code()['registrationCode'] != code
    refused('RegistrationCodeValidationException', 400, iot.register_ca_certificate, caCertificate=works,
            verificationCertificate=signed('old', '/CN=' + code, 'works'))
    code = iot.get_registration_code()['registrationCode']
    proof = signed('proof', '/CN=' + code, 'works')
    made = iot.register_ca_certificate(caCertificate=works, verificationCertificate=proof, setAsActive=True)
    ca = made['certificateId']
    same(made['certificateArn'], ARN + 'cacert/' + ca)
    again = refused('ResourceAlreadyExistsException', 409, iot.register_ca_certificate, caCertificate=works,
                    verificationCertificate=proof)
    same((again['resourceId'], again['resourceArn']), (ca, made['certificateArn']))
    refused('CertificateValidationException', 400, iot.register_ca_certificate, caCertificate='x',
            verificationCertificate=proof)

    answer = iot.describe_ca_certificate(certificateId=ca)
    found = has(answer['certificateDescription'], certificateArn=made['certificateArn'], certificateId=ca,
                status='ACTIVE', certificatePem=works, ownedBy='000000000000', autoRegistrationStatus='DISABLE',
                customerVersion=1, certificateMode='DEFAULT')
    fresh(found['creationDate'], found['lastModifiedDate'])
    assert found['validity']['notBefore'] < found['validity']['notAfter'] and found['generationId']
    listed, = iot.list_ca_certificates(pageSize=5, ascendingOrder=True)['certificates']
    has(listed, certificateArn=made['certificateArn'], certificateId=ca, status='ACTIVE')
    fresh(listed['creationDate'])
    refused('ResourceNotFoundException', 404, iot.describe_ca_certificate, certificateId=NOBODY)

    lamp = signed('lamp', '/CN=lamp', 'works')
    leaf = iot.register_certificate(certificatePem=lamp, caCertificatePem=works, setAsActive=True)['certificateId']
    has(described(leaf), status='ACTIVE', caCertificateId=ca)
    refused('ResourceAlreadyExistsException', 409, iot.register_certificate, certificatePem=lamp,
            caCertificatePem=works)
    same(iot.list_certificates_by_ca(caCertificateId=ca)['certificates'][0]['certificateId'], leaf)
    alone = iot.register_certificate_without_ca(certificatePem=authority('alone'), status='ACTIVE')['certificateId']
    assert 'caCertificateId' not in described(alone)
    refused('CertificateValidationException', 400, iot.register_certificate_without_ca, certificatePem='x')

    iot.update_ca_certificate(certificateId=ca, newAutoRegistrationStatus='ENABLE')
    same(iot.describe_ca_certificate(certificateId=ca)['certificateDescription']['autoRegistrationStatus'], 'ENABLE')
    refused('CertificateStateException', 406, iot.delete_ca_certificate, certificateId=ca)
    iot.update_ca_certificate(certificateId=ca, newStatus='INACTIVE', removeAutoRegistration=True)
    has(iot.describe_ca_certificate(certificateId=ca)['certificateDescription'], status='INACTIVE',
        autoRegistrationStatus='DISABLE', customerVersion=3)
    refused('CertificateStateException', 406, iot.register_certificate, certificatePem=signed('late', '/CN=l', 'works'))
    iot.delete_ca_certificate(certificateId=ca)
    same(iot.list_ca_certificates()['certificates'], [])
    remove(leaf, alone)


def transfers():
    theirs = second()
    own = iot.create_keys_and_certificate()['certificateId']

    def send(message):
        return iot.transfer_certificate(certificateId=own, targetAwsAccount=SECOND, transferMessage=message)
    same(send('yours')['transferredCertificateArn'], f'arn:aws:iot:us-east-1:{SECOND}:cert/{own}')
    listed, = iot.list_outgoing_certificates(pageSize=9, ascendingOrder=True)['outgoingCertificates']
    has(listed, certificateArn=ARN + 'cert/' + own, certificateId=own, transferredTo=SECOND, transferMessage='yours')
    fresh(listed['transferDate'], listed['creationDate'])
    same(theirs.list_certificates()['certificates'][0]['status'], 'PENDING_TRANSFER')
    refused('CertificateStateException', 406, send, message='again')
    theirs.reject_certificate_transfer(certificateId=own, rejectReason='not ours')
    found = has(described(own), status='INACTIVE', ownedBy='000000000000')
    has(found['transferData'], transferMessage='yours', rejectReason='not ours')
    fresh(found['transferData']['transferDate'], found['transferData']['rejectDate'])
    refused('TransferAlreadyCompletedException', 410, theirs.accept_certificate_transfer, certificateId=own)

    send('once more')
    iot.cancel_certificate_transfer(certificateId=own)
    refused('TransferAlreadyCompletedException', 410, iot.cancel_certificate_transfer, certificateId=own)
    send('at last')
    theirs.accept_certificate_transfer(certificateId=own, setAsActive=True)
    found = has(described(own, theirs), status='ACTIVE', ownedBy=SECOND, previousOwnedBy='000000000000')
    fresh(found['transferData']['acceptDate'])
    refused('ResourceNotFoundException', 404, iot.describe_certificate, certificateId=own)
    same(iot.list_outgoing_certificates()['outgoingCertificates'], [])
    remove(own, by=theirs)

    mine = iot.create_keys_and_certificate(setAsActive=True)
    refused('CertificateStateException', 406, iot.transfer_certificate, certificateId=mine['certificateId'],
            targetAwsAccount=SECOND)
    iot.update_certificate(certificateId=mine['certificateId'], newStatus='INACTIVE')
    iot.create_thing(thingName='owner')
    iot.attach_thing_principal(thingName='owner', principal=mine['certificateArn'])
    refused('TransferConflictException', 409, iot.transfer_certificate, certificateId=mine['certificateId'],
            targetAwsAccount=SECOND)
    refused('ResourceNotFoundException', 404, iot.transfer_certificate, certificateId=mine['certificateId'],
            targetAwsAccount='999999999999')
    iot.detach_thing_principal(thingName='owner', principal=mine['certificateArn'])
    iot.delete_thing(thingName='owner')
    remove(mine['certificateId'])
