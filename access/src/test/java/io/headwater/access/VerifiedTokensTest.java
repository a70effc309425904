package io.headwater.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

class VerifiedTokensTest {
    private final AtomicInteger verifications = new AtomicInteger();

    @Test
    void aTokenIsVerifiedOnce() {
        JwtDecoder tokens = new VerifiedTokens(text -> token(text, Instant.now().plusSeconds(600)));
        tokens.decode("a");
        tokens.decode("a");
        assertThat(tokens.decode("b").getTokenValue()).isEqualTo("b");
        assertThat(verifications).hasValue(2);
    }

    @Test
    void aTokenAtItsEndIsVerifiedAgain() {
        JwtDecoder tokens = new VerifiedTokens(text -> token(text, Instant.now().minusSeconds(1)));
        tokens.decode("a");
        tokens.decode("a");
        assertThat(verifications).hasValue(2);
    }

    @Test
    void aRefusalIsNotRemembered() {
        JwtDecoder tokens =
                new VerifiedTokens(text -> {
                    verifications.incrementAndGet();
                    throw new BadJwtException("no");
                });
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> tokens.decode("a")).isInstanceOf(BadJwtException.class);
        }
        assertThat(verifications).hasValue(2);
    }

    private Jwt token(String text, Instant end) {
        verifications.incrementAndGet();
        return Jwt.withTokenValue(text)
                .header("alg", "RS256")
                .issuedAt(end.minusSeconds(3600))
                .expiresAt(end)
                .build();
    }
}
