package io.headwater.command.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.io.Resource;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoders;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;

/// Who signs tokens: one of the two has to be given.
///
/// @param publicKeyLocation PEM file with an RSA public key, for RS256:
///   `file:/etc/headwater/jwt.pem`
/// @param issuerUri an OpenID Connect issuer, whose keys are fetched when the first token comes
@ConfigurationProperties("headwater.jwt")
record JwtProperties(@Nullable Resource publicKeyLocation, @Nullable String issuerUri) {

    /// Checks signature, times, and that there is a subject to write down as the actor.
    JwtDecoder decoder() {
        if (publicKeyLocation != null) {
            NimbusJwtDecoder decoder =
                    NimbusJwtDecoder.withPublicKey(publicKey(publicKeyLocation)).build();
            decoder.setJwtValidator(validator(JwtValidators.createDefault()));
            return decoder;
        }
        if (issuerUri == null || issuerUri.isBlank()) {
            throw new IllegalStateException(
                    "Nobody could sign a token: set HEADWATER_JWT_PUBLIC_KEY_LOCATION or"
                            + " HEADWATER_JWT_ISSUER_URI");
        }
        return new SupplierJwtDecoder(() -> {
            NimbusJwtDecoder decoder = JwtDecoders.fromIssuerLocation(issuerUri);
            decoder.setJwtValidator(validator(JwtValidators.createDefaultWithIssuer(issuerUri)));
            return decoder;
        });
    }

    private static OAuth2TokenValidator<Jwt> validator(OAuth2TokenValidator<Jwt> times) {
        OAuth2TokenValidator<Jwt> subject =
                token ->
                        token.getSubject() != null
                                        && token.getSubject().matches("\\P{Cntrl}{1,200}")
                                ? OAuth2TokenValidatorResult.success()
                                : OAuth2TokenValidatorResult.failure(
                                        new OAuth2Error(
                                                "invalid_token",
                                                "The token has no subject of 1 to 200 characters",
                                                null));
        return new DelegatingOAuth2TokenValidator<>(times, subject);
    }

    private static RSAPublicKey publicKey(Resource location) {
        try {
            String pem = location.getContentAsString(StandardCharsets.US_ASCII);
            byte[] der =
                    Base64.getMimeDecoder()
                            .decode(pem.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", ""));
            return (RSAPublicKey)
                    KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "HEADWATER_JWT_PUBLIC_KEY_LOCATION: %s is no PEM file with an RSA public key (%s)"
                            .formatted(location.getDescription(), e.getMessage()),
                    e);
        }
    }
}
