package dev.gatehouse.api.http;

import dev.gatehouse.api.error.ErrorCode;

/** The two services of AWS IoT, which several bundles serve parts of. */
public final class IotServices {
  /** The control plane. */
  public static final AwsService IOT =
      AwsService.of("iot", AwsProtocol.REST_JSON)
          .signedFor("iot", "execute-api")
          .refusing(ErrorCode.UNAUTHORIZED, ErrorCode.THROTTLING);

  /** The data plane; its callers sign or show a certificate. */
  public static final AwsService IOT_DATA =
      AwsService.of("iot-data", AwsProtocol.REST_JSON)
          .signedFor("iotdata", "iotdevicegateway")
          .refusing(ErrorCode.FORBIDDEN, ErrorCode.DATA_THROTTLING);

  private IotServices() {}
}
