package io.headwater.bench.log;

import com.github.f4b6a3.uuid.UuidCreator;
import io.headwater.bench.load.Platform;
import io.headwater.bench.measure.ClosedLoop;
import io.headwater.command.ledger.Commands;
import io.headwater.command.ledger.Ledger;
import io.headwater.command.ledger.Outcome;
import io.headwater.command.ledger.RetryLimits;
import io.headwater.command.ledger.Submission;
import io.headwater.command.records.ChangeRecords;
import io.headwater.command.records.Operation;
import io.headwater.command.records.RecordSlices;
import io.headwater.command.records.Written;
import io.headwater.contract.EventJson;
import io.headwater.contract.EventType;
import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelEvent;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import io.headwater.eventstore.AppendCondition;
import io.headwater.eventstore.AppendRequest;
import io.headwater.eventstore.EventLog;
import io.headwater.eventstore.NewEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Commands over Axon's bus in this process, wired as the command service wires them, without HTTP:
/// each sources the model and the record, decides, and appends the creation of a customer.
final class AxonCommands implements AutoCloseable {
    private static final ModelName CUSTOMER = new ModelName("customer");
    private static final Submission BENCH = new Submission(Map.of("actor", "bench"), null);

    private final Ledger ledger;

    AxonCommands(EventLog log) {
        define(log);
        ledger =
                new Ledger(
                        log,
                        RecordSlices.all(),
                        new RetryLimits(100, Duration.ofSeconds(10)),
                        Clock.systemUTC());
    }

    private static void define(EventLog log) {
        ModelDefinition definition =
                Objects.requireNonNull(
                        ModelDefinition.read(Json.mapper().readTree(Platform.MODEL), new Faults()));
        NewEvent event =
                new NewEvent(
                        UuidCreator.getTimeOrderedEpoch(),
                        EventType.MODEL_DEFINED,
                        EventType.VERSION,
                        System.currentTimeMillis() * 1000,
                        EventJson.write(new ModelEvent.ModelDefined(CUSTOMER, 1, definition)),
                        "{}",
                        List.of("model=" + CUSTOMER));
        log.append(new AppendRequest(List.of(event), AppendCondition.always())).join();
    }

    ClosedLoop.Caller caller() {
        Commands commands = ledger.commands();
        return () -> {
            String id = UuidCreator.getTimeOrderedEpoch().toString();
            Operation create =
                    new Operation.Create(
                            new RecordRef(CUSTOMER, new RecordId(id)),
                            Json.mapper().readTree(Platform.customer(id)),
                            Operation.Place.BODY);
            Outcome<List<Written>> outcome =
                    commands.send(RecordSlices.BATCH, new ChangeRecords(create), BENCH);
            if (outcome instanceof Outcome.Refused<List<Written>>(var refusal)) {
                throw new IllegalStateException("A create was refused: " + refusal);
            }
        };
    }

    @Override
    public void close() {
        ledger.close();
    }
}
