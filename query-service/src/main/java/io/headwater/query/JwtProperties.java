package io.headwater.query;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.io.Resource;

/// Who signs the tokens. One of both must be set.
///
/// @param publicKeyLocation an RSA public key, PEM
/// @param issuerUri an OpenID Connect issuer; its keys are looked up when the first token comes
@ConfigurationProperties("headwater.jwt")
record JwtProperties(@Nullable Resource publicKeyLocation, @Nullable String issuerUri) {
    JwtProperties {
        boolean issuer = issuerUri != null && !issuerUri.isBlank();
        if (issuer == (publicKeyLocation != null)) {
            throw new IllegalArgumentException(
                    "Set either HEADWATER_JWT_PUBLIC_KEY_LOCATION (file:/path/to/key.pem) or"
                            + " HEADWATER_JWT_ISSUER_URI, so that it is known who signs tokens");
        }
    }
}
