package io.headwater.bench.changes;

import io.headwater.bench.load.Platform;
import io.headwater.bench.measure.PostgresFacts;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Session;
import io.headwater.bench.measure.Suite;
import io.headwater.local.LocalPlatform;
import java.util.List;

/// Listeners of a query service whose heap is small.
public final class ChangesSuite implements Suite {
    @Override
    public List<Row> rows() {
        return List.of(ManyListeners.ROW);
    }

    @Override
    public void run(Session session) throws Exception {
        session.say("starting the platform");
        try (Platform platform =
                Platform.start(
                        LocalPlatform.builder().inTemporaryFolder().heap(ManyListeners.HEAP))) {
            session.fact("postgresql", PostgresFacts.of(platform.local().cluster()));
            session.measure(ManyListeners.ROW, () -> new ManyListeners(platform).measure());
        }
    }
}
