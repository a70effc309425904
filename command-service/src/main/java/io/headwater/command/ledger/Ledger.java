package io.headwater.command.ledger;

import io.headwater.eventstore.EventLog;
import io.headwater.eventstore.axon.LogStorageEngine;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.axonframework.common.configuration.AxonConfiguration;
import org.axonframework.conversion.Converter;
import org.axonframework.eventsourcing.configuration.EventSourcedEntityModule;
import org.axonframework.eventsourcing.configuration.EventSourcingConfigurer;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.commandhandling.configuration.CommandHandlingModule;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.core.correlation.CorrelationDataProviderRegistry;
import org.axonframework.messaging.core.correlation.DefaultCorrelationDataProviderRegistry;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventstreaming.Tag;

/// Axon's framework, wired by hand over the event log: bus, entity, handlers.
public final class Ledger implements AutoCloseable {
    private final AxonConfiguration axon;
    private final Commands commands;

    /// Starts it.
    ///
    /// @param log is not closed with the ledger
    public Ledger(EventLog log, List<Slice<?, ?>> slices, RetryLimits limits, Clock clock) {
        var engine = new LogStorageEngine(log, new LogConverter(), EventTag.SNAPSHOT_KEYS);
        this.axon = configurer(slices, clock).registerEventStorageEngine(c -> engine).build();
        axon.start();
        if (!(axon.getComponent(EventStorageEngine.class) instanceof LogStorageEngine)) {
            throw new IllegalStateException(
                    "Axon runs on another store than the event log; whatever it accepts would be lost");
        }
        this.commands =
                new Commands(
                        axon.getComponent(
                                org.axonframework.messaging.commandhandling.gateway.CommandGateway
                                        .class),
                        limits);
    }

    public Commands commands() {
        return commands;
    }

    /// All but the storage engine.
    static EventSourcingConfigurer configurer(List<Slice<?, ?>> slices, Clock clock) {
        var models = new KnownModels();
        var configurer =
                EventSourcingConfigurer.create()
                        .registerTagResolver(c -> Ledger::tags)
                        .registerEntity(facts(models))
                        .componentRegistry(registry ->
                                registry.registerComponent(Converter.class, c -> new LogConverter())
                                        // Events get their metadata where they are made.
                                        .registerComponent(
                                                CorrelationDataProviderRegistry.class,
                                                c -> new DefaultCorrelationDataProviderRegistry()));
        for (var slice : slices) {
            configurer.registerCommandHandlingModule(
                    CommandHandlingModule.named(slice.name())
                            .commandHandlers()
                            .commandHandler(
                                    new QualifiedName(slice.name()),
                                    c -> new SliceHandler<>(slice, models, clock, c)));
        }
        return configurer;
    }

    private static EventSourcedEntityModule<Questions, Facts> facts(KnownModels models) {
        return EventSourcedEntityModule.declarative(Questions.class, Facts.class)
                .messagingModel((configuration, model) ->
                        model.entityEvolver(
                                        (facts, event, context) -> facts.add(event(event, models)))
                                .build())
                .entityFactory(c -> (questions, event, context) -> new Facts(questions.all()))
                .criteriaResolver(c -> (questions, context) -> Criteria.of(questions.all()))
                .build();
    }

    private static io.headwater.contract.LogEvent event(EventMessage message, KnownModels models) {
        return switch (message.payload()) {
            case Entry entry -> entry.event();
            case byte[] payload ->
                    models.read(
                            message.identifier(),
                            message.type().qualifiedName().fullName(),
                            payload);
            case null, default ->
                    throw new IllegalStateException(
                            "Event " + message.identifier() + " has a payload of another kind");
        };
    }

    private static java.util.Set<Tag> tags(EventMessage message) {
        if (message.payload() instanceof Entry entry) {
            return entry.tags().stream().map(Criteria::axon).collect(Collectors.toSet());
        }
        throw new IllegalStateException("Only entries are appended, not " + message.payloadType());
    }

    @Override
    public void close() {
        axon.shutdown();
    }
}
