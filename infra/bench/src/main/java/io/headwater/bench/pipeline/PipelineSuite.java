package io.headwater.bench.pipeline;

import io.headwater.bench.load.Platform;
import io.headwater.bench.measure.PostgresFacts;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Session;
import io.headwater.bench.measure.Suite;
import java.util.List;

/// The relay and the projection, each alone with what it reads from and writes to, as processes of
/// their own.
public final class PipelineSuite implements Suite {
    @Override
    public List<Row> rows() {
        return List.of(RelayBacklog.ROW, CatchingUp.ROW);
    }

    @Override
    public void run(Session session) throws Exception {
        session.say("starting the platform");
        try (Platform platform = Platform.start()) {
            session.fact("postgresql", PostgresFacts.of(platform.local().cluster()));
            platform.local().command().kill();
            platform.local().query().kill();
            RelayBacklog relay = new RelayBacklog(platform, session);
            if (session.wants(RelayBacklog.ROW)) {
                session.measure(RelayBacklog.ROW, relay::measure);
            } else {
                relay.prepare();
            }
            platform.local().relay().stop();
            session.measure(CatchingUp.ROW, () -> new CatchingUp(platform, session).measure());
        }
    }
}
