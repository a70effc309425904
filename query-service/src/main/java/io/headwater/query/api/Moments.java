package io.headwater.query.api;

import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.contract.FieldType;
import io.headwater.query.asked.PageCursor;
import io.headwater.query.language.QueryParameters;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import io.headwater.query.standby.FreshReads;
import io.headwater.query.standby.Freshness;
import io.headwater.query.standby.PastReads;
import io.headwater.query.standby.Seen;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// Understands `asOf` and `validAt`, and the snapshot that a cursor is bound to. Safe for
/// concurrent use.
@Component
public class Moments {
    private static final String AS_OF = QueryParameters.AS_OF;
    private static final String VALID_AT = QueryParameters.VALID_AT;

    private final PastReads past;
    private final FreshReads fresh;

    Moments(PastReads past, FreshReads fresh) {
        this.past = past;
        this.fresh = fresh;
    }

    /// @param after cursor of the page before; what is no cursor is left to who reads the query
    /// @param place what the names are names of
    /// @param prefix before each name
    public AskedMoment asked(
            @Nullable String asOf,
            @Nullable String validAt,
            @Nullable String after,
            Place place,
            String prefix) {
        if (asOf == null && validAt == null && after == null) {
            return AskedMoment.NOW;
        }
        Instant valid =
                validAt == null ? null : time(validAt, place, prefix + VALID_AT, "Expected a time");
        String words = words(asOf, validAt);
        PageCursor.Snapshot snapshot = after == null ? null : PageCursor.snapshot(after);
        if (snapshot != null) {
            if (!snapshot.asked().equals(words)) {
                throw Refusal.badInput(
                        place,
                        prefix + (asOf == null && validAt != null ? VALID_AT : AS_OF),
                        "cursor",
                        "The cursor belongs to a query of another moment; begin again without it, or ask as before");
            }
            return new AskedMoment(snapshot.at(), valid, words, true);
        }
        return new AskedMoment(
                asOf == null ? null : place(asOf, place, prefix + AS_OF), valid, words, false);
    }

    /// The same as of a time.
    AskedMoment asOf(Instant time) {
        return new AskedMoment(past.at(time), null, "", false);
    }

    /// Reads the tables of history, once what is asked about is there to be read.
    public <T> Seen<T> read(AskedMoment moment, Freshness freshness, Supplier<Seen<T>> read) {
        Seen<T> seen = reach(moment, freshness, read);
        if (moment.asOf() != null) {
            past.requireHistory(moment.asOf().position());
        }
        return seen;
    }

    /// Reads, once what is asked about is there to be read.
    <T> Seen<T> reach(AskedMoment moment, Freshness freshness, Supplier<Seen<T>> read) {
        ConsistencyToken asOf = moment.asOf();
        if (asOf == null) {
            return fresh.read(freshness, read);
        }
        var reached = new Freshness(asOf, freshness.patience());
        try {
            return fresh.read(freshness, () -> fresh.read(reached, read));
        } catch (Refusal refusal) {
            throw moment.pinned() && refusal.status() == 409 ? gone(refusal) : refusal;
        }
    }

    private static Refusal gone(Refusal why) {
        return Refusal.of(
                        410,
                        "snapshot-gone",
                        "The pages' snapshot is gone",
                        why.detail() + ". Begin again with the first page")
                .seenAt(why.seen());
    }

    private ConsistencyToken place(String asOf, Place place, String name) {
        ConsistencyToken token = ConsistencyToken.parse(asOf).orElse(null);
        return token == null
                ? past.at(
                        time(
                                asOf,
                                place,
                                name,
                                "Expected a token as in Consistency-Token, such as 7f3a91c2.1042, or a time"))
                : token;
    }

    static Instant time(String text, Place place, String name, String expected) {
        JsonNode canonical =
                new FieldType.Moment(null, null)
                        .canonical(StringNode.valueOf(text), name, new Faults());
        if (canonical == null) {
            throw Refusal.badInput(
                    place,
                    name,
                    "time",
                    "%s with offset such as 2026-01-31T10:00:00Z, at most microseconds fine; got \"%s\"%s"
                            .formatted(
                                    expected,
                                    Excerpt.of(text),
                                    text.indexOf(' ') > 0 ? ". A + in a URL is written %2B" : ""));
        }
        return Instant.parse(canonical.stringValue());
    }

    private static String words(@Nullable String asOf, @Nullable String validAt) {
        return (asOf == null ? "" : AS_OF + "=" + asOf)
                + (validAt == null ? "" : " " + VALID_AT + "=" + validAt);
    }
}
