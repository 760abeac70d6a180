"""What `bench broker` measures: the load of each scenario and the bounds that are to be kept."""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    load: dict
    bounds: dict = field(default_factory=dict)
    columns: tuple = ()
    warming: dict = field(default_factory=dict)  # what is different in the run that is thrown away
    times_rounds: int = 1  # more where the host makes one round differ from the next
    fresh: bool = False  # each round starts the broker anew
    # After a start: what it leaves to do, and what it leaves in memory for some seconds, is not the connections'.
    started_seconds: float = 10
    slow_disk: bool = False  # of Gatehouse with a slow disk alone
    tls: bool = False  # over mutual TLS, beside mosquitto with certificates of the same kind


# How a figure is written: heading, digits after the point.
COLUMNS = {
    'rate': ('messages/s', 0), 'rate ratio': ('x mosquitto', 2), 'cpu': ('CPU us each', 2),
    'cpu ratio': ('x mosquitto', 2), 'p50': ('p50 ms', 3), 'late': ('(sent late ms)', 3),
    'p99': ('p99 ms', 3),
    'drain': ('drained/s', 0), 'puback': ('PUBACK p99 ms', 2), 'first': ('first conn./s', 0),
    'connects': ('connects/s', 0), 'back': ('all back, s', 1), 'turned away': ('turned away', 0),
    'all rss': ('kB, code too', 2), 'rss': ('kB RSS each', 2), 'heap': ('kB heap each', 2), 'generator': ('(load us each)', 2),
}

# At a slow pace a JVM takes long to find what is hot, and compiles it while messages are few.
PACED_WARMING = dict(seconds=12)
THROUGHPUT = ('rate', 'rate ratio', 'cpu', 'cpu ratio', 'generator')
PACED = ('rate', 'cpu', 'cpu ratio', 'p50', 'late', 'p99')

SCENARIOS = [
    Scenario('one-to-one', '1 publisher, 1 subscriber, QoS 0, 64 B',
             dict(qos=0, size=64, under=512),
             {'cpu ratio': ('<=', 0.40), 'rate ratio': ('>=', 3)}, THROUGHPUT),
    Scenario('fan-in', '50 publishers, 1 subscriber with a wildcard, QoS 1, 256 B',
             dict(publishers=50, layout='fanin', qos=1, size=256, under=900),
             {'cpu ratio': ('<=', 0.95), 'rate ratio': ('>=', 1.2)}, THROUGHPUT),
    Scenario('fan-out', '1 publisher, 200 subscribers, QoS 0, 256 B',
             dict(subscribers=200, layout='shared', qos=0, size=256, under=64),
             {'cpu ratio': ('<=', 0.70), 'rate ratio': ('>=', 2.5)}, THROUGHPUT),
    Scenario('pairs-qos1', '50 publishers to a subscriber each, QoS 1, 256 B',
             dict(publishers=50, subscribers=50, qos=1, size=256),
             {'cpu ratio': ('<=', 0.75), 'rate ratio': ('>=', 1.5)}, THROUGHPUT),
    Scenario('pairs-qos2', '50 publishers to a subscriber each, QoS 2, 256 B',
             dict(publishers=50, subscribers=50, qos=2, size=256),
             {'cpu ratio': ('<=', 0.80), 'rate ratio': ('>=', 1.5)}, THROUGHPUT),
    Scenario('paced-5000', '5,000 messages/s from 10 publishers to a subscriber each, QoS 1, 64 B',
             dict(publishers=10, subscribers=10, qos=1, rate=5000),
             {'cpu ratio': ('<=', 1.0), 'p50': ('<=', 0.12)}, PACED, PACED_WARMING, times_rounds=3),
    Scenario('paced-500', '500 messages/s from 10 publishers to a subscriber each, QoS 1, 64 B',
             dict(publishers=10, subscribers=10, qos=1, rate=500),
             {'cpu ratio': ('<=', 1.5)}, PACED, PACED_WARMING),
    Scenario('offline', '20,000 messages for a client that is away, then it drains them, QoS 1, 64 B',
             dict(mode='offline', layout='shared', qos=1, window=100, cycles=5),
             {'cpu ratio': ('<=', 2.0), 'drain': ('>=', 250_000)},
             ('rate', 'rate ratio', 'cpu', 'cpu ratio', 'drain'), dict(cycles=12)),
    Scenario('durable', '32 publishers, each waiting for its PUBACK, to a client that is away, QoS 1, 256 B',
             dict(mode='offline', layout='shared', qos=1, publishers=32, window=1, size=256),
             {'rate': ('>=', 10_000), 'puback': ('<=', 20)},
             ('rate', 'cpu', 'cpu ratio', 'puback', 'drain')),
    Scenario('slow-disk', '32 publishers to a client that is away, QoS 1, 256 B, 20 ms added to each sync',
             dict(mode='offline', layout='shared', qos=1, publishers=32, window=20, size=256),
             {'rate': ('>=', 2_000)}, ('rate', 'cpu', 'puback', 'drain'), slow_disk=True),
    Scenario('idle', '5,000 connections with a subscription each that do nothing, plaintext',
             dict(mode='idle', connections=5000),
             {'rss': ('<=', 4), 'heap': ('<=', 2), 'connects': ('>=', 5000)},
             ('first', 'connects', 'cpu', 'cpu ratio', 'all rss', 'rss', 'heap'), fresh=True),
    Scenario('tls-pairs', '50 publishers to a subscriber each, QoS 1, 256 B, mutual TLS',
             dict(publishers=50, subscribers=50, qos=1, size=256),
             {'cpu ratio': ('<=', 0.18)}, THROUGHPUT, tls=True),
    Scenario('tls-fanout', '1 publisher, 200 subscribers, QoS 0, 256 B, mutual TLS',
             dict(subscribers=200, layout='shared', qos=0, size=256, under=64),
             {'cpu ratio': ('<=', 0.06)}, THROUGHPUT, tls=True),
    Scenario('tls-paced-5000', '5,000 messages/s from 10 publishers to a subscriber each, QoS 1, 64 B, mutual TLS',
             dict(publishers=10, subscribers=10, qos=1, rate=5000),
             {'cpu ratio': ('<=', 0.90)}, PACED, PACED_WARMING, times_rounds=3, tls=True),
    Scenario('tls-connect-cold', 'the first 1,500 handshakes of a new process, with CONNECT and SUBSCRIBE, mutual TLS',
             dict(mode='tls-connect', connections=1500),
             {'cpu ratio': ('<=', 2.0)}, ('connects', 'cpu', 'cpu ratio'), fresh=True, tls=True),
    Scenario('tls-connect', '1,500 handshakes after 12,000, with CONNECT and SUBSCRIBE, mutual TLS',
             dict(mode='tls-connect', connections=1500),
             {'cpu ratio': ('<=', 1.2)}, ('connects', 'cpu', 'cpu ratio'), dict(cycles=8), tls=True),
    Scenario('tls-return', '5,000 clients that come back at once to a process that has just started, mutual TLS',
             dict(mode='tls-return', connections=5000),
             {'back': ('<=', 20), 'turned away': ('<=', 0)},
             ('connects', 'cpu', 'cpu ratio', 'back', 'turned away'), fresh=True, started_seconds=0, tls=True),
    Scenario('tls-idle', '5,000 connections with a subscription each that do nothing, mutual TLS',
             dict(mode='tls-idle', connections=5000),
             {'rss': ('<=', 12)}, ('first', 'connects', 'cpu', 'cpu ratio', 'all rss', 'rss', 'heap'),
             fresh=True, tls=True),
]
