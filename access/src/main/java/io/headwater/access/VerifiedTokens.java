package io.headwater.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/// Remembers for a minute which tokens were verified. A client sends the same one with every
/// request, and to check its signature costs more than most requests. A key that an issuer
/// withdraws is so trusted for a minute more; a token is never trusted beyond its own end.
/// Thread-safe.
public final class VerifiedTokens implements JwtDecoder {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MOST = 10_000;

    private final JwtDecoder verifier;
    private final Cache<String, Jwt> verified =
            Caffeine.newBuilder()
                    .maximumSize(MOST)
                    .expireAfter(Expiry.<String, Jwt>creating((text, token) -> lifeOf(token)))
                    .build();

    public VerifiedTokens(JwtDecoder verifier) {
        this.verifier = verifier;
    }

    @Override
    public Jwt decode(String text) {
        Jwt known = verified.getIfPresent(text);
        if (known == null) {
            known = verifier.decode(text);
            verified.put(text, known);
        }
        return known;
    }

    private static Duration lifeOf(Jwt token) {
        Instant end = token.getExpiresAt();
        if (end == null) {
            return LONGEST;
        }
        Duration left = Duration.between(Instant.now(), end);
        return left.isNegative() ? Duration.ZERO : left.compareTo(LONGEST) < 0 ? left : LONGEST;
    }
}
