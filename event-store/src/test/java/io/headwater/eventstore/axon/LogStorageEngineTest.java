package io.headwater.eventstore.axon;

import io.headwater.eventstore.EventLog;
import io.headwater.eventstore.TestDatabase;
import java.util.Set;
import org.axonframework.conversion.json.JacksonConverter;
import org.axonframework.eventsourcing.eventstore.StorageEngineTestSuite;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;

/// Axon's own suite for storage engines, unchanged and whole.
@NullUnmarked
class LogStorageEngineTest extends StorageEngineTestSuite<LogStorageEngine> {

    private TestDatabase database;
    private EventLog log;

    @Override
    protected LogStorageEngine buildStorageEngine() throws Exception {
        database = TestDatabase.create();
        log = new EventLog(database.appender());
        return new LogStorageEngine(log, new JacksonConverter(), Set.of());
    }

    @Override
    protected ProcessingContext processingContext() {
        return null;
    }

    @AfterAll
    void close() {
        log.close();
        database.close();
    }
}
