// AWS IoT Device SDK for JavaScript v2: connects, publishes to itself, and uses its shadow client.
// Usage: node device_sdk_v2.js mtls|wss HOST PORT CA CERT KEY
const {mqtt, iot, auth, iotshadow} = require('aws-iot-device-sdk-v2');
const [how, host, port, ca, cert, key] = process.argv.slice(2);
const fail = (why) => { console.error(why); process.exit(1); };
setTimeout(() => fail('took too long'), 60000);
async function main() {
  const builder =
    how === 'mtls'
      ? iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder_from_path(cert, key)
      : iot.AwsIotMqttConnectionConfigBuilder.new_with_websockets({
          region: process.env.AWS_DEFAULT_REGION,
          credentials_provider: auth.AwsCredentialsProvider.newStatic(
            process.env.AWS_ACCESS_KEY_ID,
            process.env.AWS_SECRET_ACCESS_KEY,
            process.env.AWS_SESSION_TOKEN),
        });
  builder.with_certificate_authority_from_path(undefined, ca);
  builder.with_clean_session(true).with_client_id('js2-' + how);
  builder.with_endpoint(host).with_port(Number(port));
  const connection = new mqtt.MqttClient().new_connection(builder.build());
  await connection.connect();
  console.log('connected');
  let heard;
  const received = new Promise((resolve) => (heard = resolve));
  await connection.subscribe('js2/' + how, mqtt.QoS.AtLeastOnce, (topic, payload) =>
    heard(topic + ' ' + Buffer.from(payload).toString()));
  await connection.publish('js2/' + how, 'hello', mqtt.QoS.AtLeastOnce);
  console.log('received ' + (await received));
  const shadows = new iotshadow.IotShadowClient(connection);
  const thingName = 'js2' + how;
  let answer;
  const accepted = new Promise((resolve) => (answer = resolve));
  await shadows.subscribeToUpdateShadowAccepted(
    {thingName}, mqtt.QoS.AtLeastOnce, (error, response) => (error ? fail(error) : answer(response)));
  await shadows.publishUpdateShadow(
    {thingName, state: {reported: {color: 'red'}}}, mqtt.QoS.AtLeastOnce);
  console.log('shadow accepted ' + JSON.stringify((await accepted).state));
  await connection.disconnect();
  process.exit(0);
}
main().catch(fail);
