package io.headwater.bench.log;

import io.headwater.bench.load.SampleEvents;
import io.headwater.bench.measure.ClosedLoop;
import io.headwater.eventstore.AppendCondition;
import io.headwater.eventstore.AppendRequest;
import io.headwater.eventstore.Criterion;
import io.headwater.eventstore.EventLog;
import io.headwater.eventstore.NewEvent;
import java.util.List;

/// Callers that append one event each and wait until it is in the log.
enum Appends {
    /// No condition.
    PLAIN {
        @Override
        AppendRequest request() {
            return new AppendRequest(
                    List.of(SampleEvents.created(List.of())), AppendCondition.always());
        }
    },

    /// On the condition that nobody has made the same record, as a create does.
    CONDITION {
        @Override
        AppendRequest request() {
            return conditional(SampleEvents.created(List.of()));
        }
    },

    /// The same, and every event carries a tag that all others carry.
    HOT_TAG {
        @Override
        AppendRequest request() {
            return conditional(SampleEvents.created(HOT));
        }
    };

    private static final List<String> HOT = List.of("ref=country/NZ");

    abstract AppendRequest request();

    ClosedLoop.Caller caller(EventLog log) {
        return () -> log.append(request()).join();
    }

    private static AppendRequest conditional(NewEvent event) {
        return new AppendRequest(
                List.of(event),
                AppendCondition.noneOf(0, Criterion.tagged(event.tags().getFirst())));
    }
}
