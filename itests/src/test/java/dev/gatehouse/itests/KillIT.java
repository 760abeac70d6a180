package dev.gatehouse.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway is killed at random moments under a mixed load; whatever was answered with success is
 * there afterwards. {@code -DkillRounds=200} for the long run.
 */
class KillIT {
  @TempDir Path directory;

  private static final String LOAD =
      """
      import boto3, json, os, sys
      from botocore.config import Config
      from concurrent.futures import ThreadPoolExecutor
      from threading import Lock
      round, ledger = sys.argv[1], open(sys.argv[2], 'a')
      config = Config(retries={'max_attempts': 1}, connect_timeout=2, read_timeout=5)
      at = dict(endpoint_url=os.environ['GATEHOUSE_ENDPOINT'], config=config)
      lock = Lock()
      def done(*what):
          with lock:
              ledger.write(json.dumps(what) + '\\n')
              ledger.flush()
      def work(n):
          iot, data = boto3.session.Session().client('iot', **at), boto3.session.Session().client('iot-data', **at)
          i = 0
          while True:
              name = f'r{round}-w{n}-{i}'
              try:
                  iot.create_thing(thingName=name, attributePayload={'attributes': {'n': str(i)}})
                  done('thing', name, str(i))
                  version = json.loads(data.update_thing_shadow(thingName=f'w{n}', payload=json.dumps(
                      {'state': {'reported': {'last': name}}}))['payload'].read())['version']
                  done('shadow', f'w{n}', version, name)
                  data.publish(topic=f'load/{name}', qos=1, payload=json.dumps({'name': name}))
                  done('rule', name)
              except Exception as e:
                  if not os.path.exists(sys.argv[3]):
                      print(type(e).__name__, e, file=sys.stderr)
                  return
              i += 1
      with ThreadPoolExecutor(4) as pool:
          list(pool.map(work, range(4)))
      """;

  private static final String VERIFY =
      """
      import boto3, json, os, sys, time
      at = dict(endpoint_url=os.environ['GATEHOUSE_ENDPOINT'])
      end = time.monotonic() + 20
      def comes(file):  # what waits for its target is delivered after the start
          while not os.path.exists(file) and time.monotonic() < end:
              time.sleep(0.1)
          return os.path.exists(file)
      iot, data = boto3.client('iot', **at), boto3.client('iot-data', **at)
      things = {t['thingName']: t for page in iot.get_paginator('list_things').paginate() for t in page['things']}
      shadows, problems, count = {}, [], 0
      for line in open(sys.argv[1]):
          what = json.loads(line)
          count += 1
          if what[0] == 'thing' and things.get(what[1], {}).get('attributes', {}).get('n') != what[2]:
              problems.append(what)
          if what[0] == 'shadow':
              shadows[what[1]] = what
          if what[0] == 'rule' and not comes(f'{sys.argv[2]}/{what[1]}.json'):
              problems.append(what)
      for name, what in shadows.items():
          document = json.loads(data.get_thing_shadow(thingName=name)['payload'].read())
          if document['version'] < what[2] or (document['version'] == what[2] and document['state']['reported']['last'] != what[3]):
              problems.append(what)
      for name, thing in things.items():
          if 'n' not in thing['attributes']:
              problems.append(('half', name))
      print(count, problems)
      """;

  @Test
  void whatWasAnsweredSurvivesKillsAtRandomMoments() throws IOException, InterruptedException {
    int rounds = Integer.getInteger("gatehouse.killRounds", 20);
    long seed = Long.getLong("gatehouse.seed", System.nanoTime());
    Random random = new Random(seed);
    Path load = Files.writeString(directory.resolve("load.py"), LOAD);
    Path verify = Files.writeString(directory.resolve("verify.py"), VERIFY);
    Path ledger = Files.createFile(directory.resolve("ledger"));
    try (Gateway gateway =
        new Gateway(directory.resolve("home")).throttle("throttleFactor", "0").up()) {
      gateway
          .aws(
              "iot",
              "create-topic-rule",
              "--rule-name",
              "keep",
              "--topic-rule-payload",
              "{\"sql\":\"SELECT * FROM 'load/#'\",\"actions\":[{\"s3\":{\"bucketName\":\"load\","
                  + "\"key\":\"${topic(2)}.json\",\"roleArn\":\"arn:aws:iam::000000000000:role/r\"}}]}")
          .ok();
      for (int round = 0; round < rounds; round++) {
        Path killed = directory.resolve("killed-" + round);
        Process worker = start(gateway, load, round, ledger, killed);
        long before = Files.size(ledger);
        org.awaitility.Awaitility.await().until(() -> Files.size(ledger) > before);
        // How long the load runs is the random part of the test, not a wait for something.
        worker.waitFor(random.nextInt(1500), TimeUnit.MILLISECONDS);
        assertThat(worker.isAlive()).as("seed %s round %s: the load failed", seed, round).isTrue();
        Files.createFile(killed);
        ProcessHandle process = gateway.process();
        process.destroyForcibly();
        process.onExit().join();
        worker.waitFor(30, TimeUnit.SECONDS);
        gateway.up();
        String verdict =
            gateway
                .run(
                    List.of(
                        "/usr/bin/python3",
                        verify.toString(),
                        ledger.toString(),
                        gateway.home().resolve("s3/load").toString()),
                    gateway.environment())
                .ok();
        assertThat(verdict).as("seed %s round %s", seed, round).endsWith(" []");
        assertThat(gateway.shell("gatehouse:store-status").out())
            .as("seed %s round %s\n%s", seed, round, gateway.complaints())
            .contains("READ_WRITE")
            .doesNotContain("damage");
      }
    }
  }

  private Process start(Gateway gateway, Path load, int round, Path ledger, Path killed)
      throws IOException {
    Map<String, String> environment = gateway.environment();
    ProcessBuilder builder =
        new ProcessBuilder(
                "/usr/bin/python3",
                load.toString(),
                Integer.toString(round),
                ledger.toString(),
                killed.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("load-" + round + ".log").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }
}
