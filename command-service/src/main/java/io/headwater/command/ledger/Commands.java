package io.headwater.command.ledger;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.messaging.commandhandling.CommandMessage;
import org.axonframework.messaging.commandhandling.GenericCommandMessage;
import org.axonframework.messaging.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.core.MessageType;

/// Sends commands over Axon's bus, and again where another append got in between, from the start:
/// what it reads and decides is then as of after that append. Safe for concurrent use; blocks.
public final class Commands {
    private static final int LONGEST_PAUSE_MICROS = 50_000;

    private final CommandGateway gateway;
    private final RetryLimits limits;

    public Commands(CommandGateway gateway, RetryLimits limits) {
        this.gateway = gateway;
        this.limits = limits;
    }

    /// @throws io.headwater.eventstore.EventLogException if the log cannot take it, or does not say
    ///   whether it did
    public <C, R> Outcome<R> send(Slice<C, R> slice, C command, Submission submission) {
        long deadline = System.nanoTime() + limits.within().toNanos();
        for (int attempt = 1; ; attempt++) {
            try {
                return once(slice, command, submission);
            } catch (AppendEventsTransactionRejectedException lost) {
                if (attempt >= limits.attempts() || System.nanoTime() - deadline > 0) {
                    return new Outcome.Refused<>(conflict(attempt));
                }
                pause(attempt);
            }
        }
    }

    private <C, R> Outcome<R> once(Slice<C, R> slice, C command, Submission submission) {
        CommandMessage message =
                new GenericCommandMessage(
                        new MessageType(slice.name()),
                        new SliceHandler.Request<>(command, submission));
        try {
            @SuppressWarnings("unchecked") // the slice's handler makes receipts of its result
            var receipt = (Receipt<R>) gateway.send(message).getResultMessage().join().payload();
            return receipt.outcome();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static Refusal conflict(int attempts) {
        return new Refusal(
                Refusal.Reason.CONFLICT,
                "Others changed the same things each time this command was tried, %,d times; nothing"
                                .formatted(attempts)
                        + " was changed. Send it again",
                List.of());
    }

    // Those who lost together must not come back together.
    private static void pause(int attempt) {
        int most = Math.min(LONGEST_PAUSE_MICROS, 1_000 << Math.min(attempt, 6));
        LockSupport.parkNanos(
                Duration.ofNanos(ThreadLocalRandom.current().nextLong(1_000L * most)).toNanos());
    }
}
