package io.headwater.query.api;

import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Excerpt;
import io.headwater.contract.RecordRef;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import io.headwater.query.standby.Checkpoint;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/// Mementos (RFC 7089) of a record: its URL is both the original and the time gate, which answers
/// with the memento itself and says where that is (pattern 1.2); its history is the time map; its
/// mementos are the URL with `asOf`.
final class Memento {
    static final String LINK_FORMAT = "application/link-format";
    private static final String ACCEPT_DATETIME = "Accept-Datetime";
    private static final String MEMENTO_DATETIME = "Memento-Datetime";

    private Memento() {}

    /// What `Accept-Datetime` asks for: the last moment of that second, since it cannot say it
    /// finer.
    ///
    /// @return null if it is not there
    static @Nullable Instant accepted(HttpServletRequest request) {
        String given = request.getHeader(ACCEPT_DATETIME);
        if (given == null) {
            return null;
        }
        try {
            return ZonedDateTime.parse(given.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .plus(1, ChronoUnit.SECONDS)
                    .minus(1, ChronoUnit.MICROS);
        } catch (DateTimeParseException malformed) {
            throw Refusal.badInput(
                    Place.HEADER,
                    ACCEPT_DATETIME,
                    "time",
                    "Expected a time such as Sat, 31 Jan 2026 10:00:00 GMT; got \"%s\""
                            .formatted(Excerpt.of(given)));
        }
    }

    /// Headers of a record as it is.
    static void original(ResponseEntity.BodyBuilder answer, RecordRef record) {
        answer.varyBy(ACCEPT_DATETIME)
                .header(
                        HttpHeaders.LINK,
                        "</records/%1$s>; rel=\"original timegate\", </records/%1$s/history>; rel=\"timemap\"; type=\"%2$s\""
                                .formatted(record, LINK_FORMAT));
    }

    /// Headers of a record as it was.
    ///
    /// @param at time of the revision
    /// @param negotiated where the memento is, if the time gate answers
    static void memento(
            ResponseEntity.BodyBuilder answer,
            RecordRef record,
            Instant at,
            @Nullable ConsistencyToken negotiated) {
        original(answer, record);
        answer.header(MEMENTO_DATETIME, text(at));
        if (negotiated != null) {
            answer.header(HttpHeaders.CONTENT_LOCATION, uri(record, negotiated));
        }
    }

    static boolean wantsLinkFormat(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains(LINK_FORMAT);
    }

    /// One page of the time map; a deletion is no memento.
    static String timeMap(
            RecordRef record,
            Checkpoint at,
            List<HistoryReads.Revision> revisions,
            @Nullable String next) {
        var links = new StringBuilder("</records/" + record + ">; rel=\"original timegate\"");
        links.append(",\n</records/" + record + "/history>; rel=\"self\"; type=\"")
                .append(LINK_FORMAT)
                .append('"');
        if (next != null) {
            links.append(",\n<%s>; rel=\"timemap\"; type=\"%s\"".formatted(next, LINK_FORMAT));
        }
        for (HistoryReads.Revision revision : revisions) {
            if (!revision.json().path("change").asString("").equals("deleted")) {
                links.append(
                        ",\n<%s>; rel=\"memento\"; datetime=\"%s\""
                                .formatted(
                                        uri(
                                                record,
                                                new ConsistencyToken(
                                                        at.epoch(), revision.position())),
                                        text(revision.at())));
            }
        }
        return links.append('\n').toString();
    }

    private static String uri(RecordRef record, ConsistencyToken at) {
        return "/records/%s?asOf=%s".formatted(record, at);
    }

    private static String text(Instant at) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atZone(ZoneOffset.UTC));
    }
}
