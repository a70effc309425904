package io.headwater.relay;

import io.debezium.config.Configuration;
import io.debezium.connector.base.QueueProviderService;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.service.spi.ServiceProvider;
import io.debezium.service.spi.ServiceRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/// Debezium's task, which gives events as soon as they are there.
///
/// By itself it waits out the poll interval for a batch to fill, and of each wait it spends the
/// last millisecond asking for the time: an eighth of a core in a relay that has nothing to do. So
/// its batches are of one, for which it never waits, and the waiting and the batches are done here.
final class ConnectorTask extends PostgresConnectorTask {
    /// What makes Debezium hand out each event at once.
    static final int BATCH = 1;

    /// Longest time until a failure of the thread that reads is seen.
    private static final Duration QUIET = Duration.ofMillis(100);

    private final ReadEvents read = new ReadEvents();
    private final int most;

    /// @param most events in a batch
    ConnectorTask(int most) {
        this.most = most;
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        read.await(QUIET);
        var records = new ArrayList<SourceRecord>();
        // No more than were there, since those that come meanwhile do not count for the bound in
        // bytes.
        for (int left = Math.clamp(read.size(), 1, most); left > 0; left--) {
            records.addAll(super.doPoll());
        }
        return records;
    }

    @Override
    protected void registerServiceProviders(ServiceRegistry registry) {
        super.registerServiceProviders(registry);
        registry.registerServiceProvider(
                new ServiceProvider<QueueProviderService>() {
                    @Override
                    public Class<QueueProviderService> getServiceClass() {
                        return QueueProviderService.class;
                    }

                    @Override
                    public QueueProviderService createService(
                            Configuration configuration, ServiceRegistry services) {
                        return new QueueProviderService(read);
                    }
                });
    }
}
