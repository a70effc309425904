package io.headwater.query.changes;

import io.headwater.query.api.QueryString;
import io.headwater.query.log.LogPlace;
import io.headwater.query.log.LogTable;
import io.headwater.query.problem.Refusal.Place;
import io.headwater.query.upgrade.UpgradedConnection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /changes?model=&field=&type=&after=`: server-sent events, as docs/consuming.md tells.
@RestController
class ChangesController {
    private static final String AFTER = "after";
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final LogTable log;
    private final Listeners listeners;

    ChangesController(LogTable log, Listeners listeners) {
        this.log = log;
        this.listeners = listeners;
    }

    @GetMapping("/changes")
    void changes(HttpServletRequest request, HttpServletResponse response) throws IOException {
        QueryString parameters = QueryString.of(request).only("model", "field", "type", AFTER);
        ChangeFilter filter = ChangeFilter.of(parameters);
        LogPlace place = place(request.getHeader(LAST_EVENT_ID), parameters.once(AFTER));
        LogTable.Head head = log.head();
        String epoch = head.lines().current();
        long position = head.position();
        if (place != null) {
            place.keptBy(head.lines()); // or it is refused
            epoch = place.epoch() == null ? epoch : place.epoch();
            position = place.position();
        }
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Accel-Buffering", "no"); // proxies that know it pass each event on
        if (!request.getMethod().equals("HEAD")) {
            listen(request, response, filter, epoch, position);
        }
    }

    private void listen(
            HttpServletRequest request,
            HttpServletResponse response,
            ChangeFilter filter,
            String epoch,
            long position)
            throws IOException {
        listeners.takePlace();
        Listener listener =
                new Listener(
                        filter, listeners, epoch, position, expiry(request.getUserPrincipal()));
        listeners.add(listener);
        UpgradedConnection.take(request, response, listener);
    }

    /// The header wins: a client that comes back repeats the URL of its first request.
    private static @Nullable LogPlace place(@Nullable String header, @Nullable String after) {
        if (header != null && !header.isBlank()) {
            return LogPlace.parse(header.strip(), Place.HEADER, LAST_EVENT_ID);
        }
        return after == null ? null : LogPlace.parse(after, Place.PARAMETER, AFTER);
    }

    private static Instant expiry(@Nullable Principal client) {
        Instant end =
                client instanceof JwtAuthenticationToken jwt ? jwt.getToken().getExpiresAt() : null;
        return end == null ? Instant.MAX : end;
    }
}
