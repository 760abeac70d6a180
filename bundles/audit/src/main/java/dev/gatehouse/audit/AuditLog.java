package dev.gatehouse.audit;

import dev.gatehouse.api.audit.AuditEvent;
import dev.gatehouse.api.audit.AuditTrail;
import dev.gatehouse.api.home.GatewayHome;
import dev.gatehouse.api.http.ApiModule;
import dev.gatehouse.api.http.ApiOperation;
import dev.gatehouse.api.identity.Account;
import dev.gatehouse.api.identity.Principal;
import dev.gatehouse.api.telemetry.Metric;
import dev.gatehouse.api.telemetry.MetricSource;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records as they come, and syncs at most once a second, and only if a call that changed
 * something is among them: reads must not wear out an SD card.
 */
@Component(
    configurationPid = "dev.gatehouse.audit",
    immediate = true,
    service = {ApiModule.class, AuditTrail.class, MetricSource.class})
@Designate(ocd = AuditConfig.class)
public final class AuditLog implements ApiModule, AuditTrail, MetricSource {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final int WAITING = 2000;
  private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Wakes the writer when it is to stop. */
  private static final AuditEvent WAKE =
      new AuditEvent(
          "",
          "",
          false,
          new Principal.Component(new Account("000000000000", "us-east-1"), "audit"),
          null,
          null,
          Instant.EPOCH,
          "",
          new byte[0],
          "",
          "",
          null,
          null);

  private final BlockingQueue<AuditEvent> waiting = new ArrayBlockingQueue<>(WAITING);
  private final AuditFiles files;
  private final LookupOperation lookup;
  private final Thread writer;
  private final LongAdder written = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private volatile boolean stopping;
  private boolean failing; // of the writer

  /** Opens the files. */
  @Activate
  public AuditLog(@Reference GatewayHome home, AuditConfig config) throws IOException {
    this(AuditSettings.of(config, home));
  }

  AuditLog(AuditSettings settings) throws IOException {
    files = new AuditFiles(settings);
    lookup = new LookupOperation(files);
    writer = new Thread(this::write, "gatehouse-audit-writer");
    writer.setDaemon(true);
    writer.start();
  }

  @Deactivate
  void deactivate() throws InterruptedException, IOException {
    stopping = true;
    if (!waiting.offer(WAKE)) { // an interrupt would close the file
      LOG.debug("event=audit-stopping waiting={}", waiting.size());
    }
    writer.join(5_000);
    files.close();
  }

  @Override
  public void record(AuditEvent event) {
    if (!waiting.offer(Waiting.bounded(event))) {
      dropped.increment();
    }
  }

  private void write() {
    long syncedAt = System.nanoTime();
    boolean changed = false;
    while (!stopping || !waiting.isEmpty()) {
      List<AuditEvent> batch = new ArrayList<>();
      try {
        AuditEvent first =
            waiting.poll(changed ? SYNC_NANOS : TimeUnit.MINUTES.toNanos(1), TimeUnit.NANOSECONDS);
        if (first != null) {
          batch.add(first);
        }
      } catch (InterruptedException e) {
        LOG.warn("event=audit-interrupted");
        return;
      }
      waiting.drainTo(batch);
      batch.removeIf(event -> event.eventName().isEmpty());
      changed |= append(batch);
      if (changed && System.nanoTime() - syncedAt >= SYNC_NANOS) {
        changed = !sync();
        syncedAt = System.nanoTime();
      }
    }
  }

  /** Whether a call that changed something was among them. */
  private boolean append(List<AuditEvent> batch) {
    if (batch.isEmpty()) {
      return false;
    }
    List<AuditRecord> records = batch.stream().map(AuditRecord::of).toList();
    try {
      files.write(records);
      written.add(records.size());
      recovered();
    } catch (IOException | RuntimeException e) {
      dropped.add(records.size());
      failed(e);
    }
    return records.stream().anyMatch(record -> !record.readOnly());
  }

  private boolean sync() {
    try {
      files.sync();
      recovered();
      return true;
    } catch (IOException e) {
      failed(e);
      return false;
    }
  }

  private void failed(Exception e) {
    if (!failing) {
      LOG.error("event=audit-not-written", e);
      failing = true;
    }
  }

  private void recovered() {
    if (failing) {
      LOG.info("event=audit-written-again dropped={}", dropped.sum());
      failing = false;
    }
  }

  @Override
  public String name() {
    return "audit";
  }

  @Override
  public List<ApiOperation> operations() {
    return lookup.list();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.counter("audit_records_total", written.sum()),
        Metric.counter("audit_dropped_total", dropped.sum()));
  }
}
