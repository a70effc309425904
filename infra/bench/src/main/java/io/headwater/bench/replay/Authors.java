package io.headwater.bench.replay;

import io.headwater.local.TokenIssuer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tokens in the names of authors. A service writes the subject of a token down as the actor, and
/// no client can speak for another; so whoever replays has to hold the key that signs. Not safe for
/// concurrent use.
final class Authors {
    private static final int MOST = 1_000;
    private static final Duration LIFETIME = Duration.ofHours(1);

    private record Signed(String token, long at) {}

    private final TokenIssuer issuer;
    private final Map<String, Signed> signed =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Signed> eldest) {
                    return size() > MOST;
                }
            };

    Authors(TokenIssuer issuer) {
        this.issuer = issuer;
    }

    String token(String actor) {
        Signed known = signed.get(actor);
        if (known == null || System.nanoTime() - known.at() > LIFETIME.dividedBy(2).toNanos()) {
            known =
                    new Signed(
                            issuer.token(actor, List.of("read", "write", "model-admin"), LIFETIME),
                            System.nanoTime());
            signed.put(actor, known);
        }
        return known.token();
    }
}
