// AWS IoT Device SDK for JavaScript v1: connects, publishes to itself, and uses its shadow client.
// Usage: node device_sdk_v1.js mtls|wss HOST PORT CA CERT KEY
const awsIot = require('aws-iot-device-sdk');
const [how, host, port, ca, cert, key] = process.argv.slice(2);
const options = {host, port: Number(port), caPath: ca, clientId: 'js1-' + how, debug: false};
if (how === 'mtls') {
  Object.assign(options, {certPath: cert, keyPath: key});
} else {
  Object.assign(options, {
    protocol: 'wss',
    region: process.env.AWS_DEFAULT_REGION,
    accessKeyId: process.env.AWS_ACCESS_KEY_ID,
    secretKey: process.env.AWS_SECRET_ACCESS_KEY,
    sessionToken: process.env.AWS_SESSION_TOKEN,
  });
}
const fail = (why) => { console.error(why); process.exit(1); };
setTimeout(() => fail('took too long'), 60000);
const shadow = awsIot.thingShadow(options);
shadow.on('error', fail);
shadow.on('connect', () => {
  console.log('connected');
  shadow.subscribe('js1/' + how, {qos: 1}, () =>
    shadow.publish('js1/' + how, 'hello', {qos: 1}));
});
shadow.on('message', (topic, payload) => {
  console.log('received ' + topic + ' ' + payload);
  const thing = 'js1' + how;
  shadow.register(thing, {persistentSubscribe: true}, () =>
    shadow.update(thing, {state: {reported: {color: 'red'}}}));
});
shadow.on('status', (thing, status, token, state) => {
  console.log('shadow ' + status + ' ' + JSON.stringify(state.state));
  shadow.end(false, () => process.exit(status === 'accepted' ? 0 : 1));
});
