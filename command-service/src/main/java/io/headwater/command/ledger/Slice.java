package io.headwater.command.ledger;

import java.util.function.BiFunction;

/// One kind of command and how it is decided.
///
/// @param name stable name of the command: `headwater.DefineModel`
/// @param decide pure; called again when what it asked was read
/// @param reply what the client is told
/// @param <C> the command
/// @param <R> what it comes to
public record Slice<C, R>(
        String name,
        Class<C> command,
        BiFunction<C, Inquiry, Decision<R>> decide,
        BiFunction<C, R, Reply> reply) {}
