package io.headwater.command.ledger;

import com.github.f4b6a3.uuid.UuidCreator;
import io.headwater.contract.CommandAnswered;
import io.headwater.contract.EventType;
import io.headwater.contract.Json;
import io.headwater.contract.LogEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.common.configuration.Configuration;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.messaging.commandhandling.CommandHandler;
import org.axonframework.messaging.commandhandling.CommandMessage;
import org.axonframework.messaging.commandhandling.CommandResultMessage;
import org.axonframework.messaging.commandhandling.GenericCommandResultMessage;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.modelling.StateManager;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Handles the commands of one slice: decides, reads what the decision lacks, decides again, and
/// publishes the events. Safe for concurrent use.
final class SliceHandler<C, R> implements CommandHandler {
    private static final MessageType RESULT = new MessageType("headwater.Receipt");

    // Each level of a cascade takes two; whoever needs more has a cycle of models to think about.
    private static final int MOST_ROUNDS = 100;

    private final Slice<C, R> slice;
    private final KnownModels models;
    private final Clock clock;
    private final EventStore store;
    private final StateManager state;

    SliceHandler(Slice<C, R> slice, KnownModels models, Clock clock, Configuration configuration) {
        this.slice = slice;
        this.models = models;
        this.clock = clock;
        this.store = configuration.getComponent(EventStore.class);
        this.state = configuration.getComponent(StateManager.class);
    }

    /// The payload of a command message.
    record Request<C>(C command, Submission submission) {}

    @Override
    public MessageStream.Single<CommandResultMessage> handle(
            CommandMessage message, ProcessingContext context) {
        @SuppressWarnings("unchecked") // only Commands sends here, by the slice's own name
        var request = (Request<C>) message.payload();
        Receipt<R> receipt = handle(request.command(), request.submission(), context);
        context.whenComplete(done -> receipt.settle(position(done)));
        return MessageStream.just(new GenericCommandResultMessage(RESULT, receipt));
    }

    private Receipt<R> handle(C command, Submission submission, ProcessingContext context) {
        var facts = new Facts();
        var key = submission.key();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            var inquiry = new Inquiry(facts, models::guess);
            Decision<R> decision = slice.decide().apply(command, inquiry);
            if (key != null) {
                var answer = inquiry.answer(key.key());
                if (answer != null) {
                    return repeat(key, answer);
                }
            }
            if (!inquiry.open().isEmpty()) {
                facts.addAll(load(inquiry.open(), context));
                continue;
            }
            return switch (decision) {
                case Decision.Undecided<R> _ ->
                        throw new IllegalStateException(
                                slice.name() + " is undecided and asks for nothing");
                case Decision.Refused<R>(var refusal) -> new Receipt<>(refusal);
                case Decision.Accepted<R>(var entries, var result) -> {
                    Reply reply = slice.reply().apply(command, result);
                    publish(entries, submission, reply, context);
                    yield new Receipt<>(result, reply);
                }
            };
        }
        return new Receipt<>(
                new Refusal(
                        Refusal.Reason.CASCADE_TOO_LARGE,
                        "The command reaches records over too many steps; nothing was changed. Delete"
                                + " the records at the far end first",
                        List.of()));
    }

    private Facts load(Set<Question> questions, ProcessingContext context) {
        return state.loadEntity(Facts.class, new Questions(questions), context).join();
    }

    private static <R> Receipt<R> repeat(Submission.RepeatKey key, CommandAnswered answer) {
        if (!answer.fingerprint().equals(key.fingerprint())) {
            return new Receipt<>(
                    new Refusal(
                            Refusal.Reason.IDEMPOTENCY_KEY_REUSED,
                            "This Idempotency-Key came before with another request. Send a new key"
                                    + " with each new command",
                            List.of()));
        }
        var headers = new java.util.LinkedHashMap<String, String>();
        for (var header : answer.headers().properties()) {
            headers.put(header.getKey(), header.getValue().asString());
        }
        JsonNode body = answer.body();
        return new Receipt<>(
                null, new Reply(answer.status(), headers, body.isNull() ? null : body));
    }

    private void publish(
            List<Entry> entries, Submission submission, Reply reply, ProcessingContext context) {
        List<EventMessage> events = new ArrayList<>(entries.size() + 1);
        Instant now = clock.instant();
        for (var entry : entries) {
            events.add(message(entry, submission.metadata(), now));
        }
        var key = submission.key();
        if (key != null) {
            LogEvent answered = answered(key.fingerprint(), reply);
            var entry = new Entry(answered, Set.of(EventTag.command(key.key())));
            events.add(message(entry, submission.metadata(), now));
        }
        if (!events.isEmpty()) {
            store.publish(context, events).join();
        }
    }

    private static CommandAnswered answered(String fingerprint, Reply reply) {
        var headers = Json.mapper().createObjectNode();
        reply.headers().forEach(headers::put);
        JsonNode body = reply.body();
        return new CommandAnswered(
                fingerprint,
                reply.status(),
                headers,
                body == null ? JsonNodeFactory.instance.nullNode() : body);
    }

    private static EventMessage message(Entry entry, Map<String, String> metadata, Instant now) {
        return new GenericEventMessage(
                UuidCreator.getTimeOrderedEpoch().toString(),
                new MessageType(EventType.of(entry.event()), EventType.VERSION),
                entry,
                metadata,
                now);
    }

    private long position(ProcessingContext context) {
        return Math.max(
                0,
                GlobalIndexConsistencyMarker.position(store.transaction(context).appendPosition()));
    }
}
