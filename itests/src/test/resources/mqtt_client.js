// mqtt.js against a gateway: VERSION URI CA CERTIFICATE KEY.
// Prints a line for each thing that has been shown; ends with an error at the first that has not.
const assert = require('node:assert')
const fs = require('node:fs')
const mqtt = require('mqtt')

const [version, uri, ca, certificate, key] = process.argv.slice(2)
const five = version === '5'
const base = `mqttjs/${version}/${uri.split(':')[0]}`
setTimeout(() => { console.error('too slow'); process.exit(2) }, 60000).unref()

async function connect (name, kept, will) {
  const options = {
    protocolVersion: Number(version),
    clientId: `${base}/${name}`,
    clean: !kept,
    reconnectPeriod: 0,
    ca: fs.readFileSync(ca),
    cert: fs.readFileSync(certificate),
    key: fs.readFileSync(key)
  }
  if (five && kept) options.properties = { sessionExpiryInterval: 3600 }
  if (will) options.will = { topic: `${base}/will`, payload: 'gone', qos: 1 }
  const client = mqtt.connect(uri, options)
  client.got = []
  client.waiting = []
  client.on('message', (topic, payload, packet) => {
    client.got.push({ topic, text: payload.toString(), qos: packet.qos, retain: packet.retain })
    if (client.waiting.length) client.waiting.shift()()
  })
  client.next = async () => {
    if (!client.got.length) await new Promise(resolve => client.waiting.push(resolve))
    return client.got.shift()
  }
  client.present = await new Promise((resolve, reject) => {
    client.on('connect', connack => resolve(connack.sessionPresent))
    client.on('error', reject)
  })
  return client
}

async function main () {
  const mouth = await connect('mouth', false)
  let ear = await connect('ear', true)
  assert.strictEqual(ear.present, false)
  await mouth.publishAsync(`${base}/kept`, 'retained', { qos: 2, retain: true })
  await ear.subscribeAsync(`${base}/#`, { qos: 2 })
  assert.deepStrictEqual(await ear.next(),
    { topic: `${base}/kept`, text: 'retained', qos: 2, retain: true })
  console.log('retained')

  for (const qos of [0, 1, 2]) {
    await mouth.publishAsync(`${base}/t`, `qos ${qos}`, { qos })
    assert.deepStrictEqual(await ear.next(),
      { topic: `${base}/t`, text: `qos ${qos}`, qos, retain: false })
  }
  console.log('qos')

  await ear.endAsync()
  for (const qos of [1, 2]) await mouth.publishAsync(`${base}/t`, `queued ${qos}`, { qos })
  ear = await connect('ear', true)
  assert.strictEqual(ear.present, true)
  for (const qos of [1, 2]) {
    assert.deepStrictEqual(await ear.next(),
      { topic: `${base}/t`, text: `queued ${qos}`, qos, retain: false })
  }
  console.log('session')

  const dying = await connect('dying', false, true)
  dying.on('error', () => {})
  dying.stream.destroy()
  assert.strictEqual((await ear.next()).text, 'gone')
  console.log('will')

  await mouth.publishAsync(`${base}/kept`, '', { qos: 1, retain: true })
  await mouth.endAsync()
  await ear.endAsync()
  console.log('done')
}

main().then(() => process.exit(0), error => { console.error(error); process.exit(1) })
