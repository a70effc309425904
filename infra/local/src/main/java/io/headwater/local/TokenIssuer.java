package io.headwater.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;

/// Signs tokens for the services of this machine with a key that is made on first use and kept.
/// Safe for concurrent use.
///
/// @param privateKey signs; never leaves the folder
/// @param publicKeyFile PEM for the services
public record TokenIssuer(RSAPrivateKey privateKey, Path publicKeyFile) {
    static final String ISSUER = "headwater-local";
    private static final int KEY_BITS = 2048;

    static TokenIssuer in(Path folder) {
        Path file = folder.resolve("token-key.pem");
        RSAPrivateCrtKey privateKey = read(file, Secrets.keep(file, TokenIssuer::newKey));
        Path publicKeyFile = publicFile(file);
        try {
            byte[] publicKey =
                    KeyFactory.getInstance("RSA")
                            .generatePublic(
                                    new RSAPublicKeySpec(
                                            privateKey.getModulus(),
                                            privateKey.getPublicExponent()))
                            .getEncoded();
            Secrets.write(publicKeyFile, encode("PUBLIC KEY", publicKey) + "\n");
            return new TokenIssuer(privateKey, publicKeyFile);
        } catch (GeneralSecurityException broken) {
            throw new LocalFailure("Cannot make the public key of " + file, broken);
        }
    }

    /// Signs as `./run` on this machine does.
    public static TokenIssuer ofThisMachine() {
        return in(LocalFolders.makePrivate(LocalFolders.home()));
    }

    /// Signs with a key that is there, such as that of a stack.
    ///
    /// @param file PEM of an RSA key, PKCS #8; its public half lies beside it
    /// @throws LocalFailure if it cannot be read
    public static TokenIssuer of(Path file) {
        try {
            return new TokenIssuer(read(file, Files.readString(file)), publicFile(file));
        } catch (IOException broken) {
            throw new LocalFailure("Cannot read " + file + ": " + broken.getMessage(), broken);
        }
    }

    private static Path publicFile(Path file) {
        return file.resolveSibling(
                file.getFileName().toString().replaceFirst("\\.pem$", "") + ".public.pem");
    }

    private static RSAPrivateCrtKey read(Path file, String pem) {
        try {
            return (RSAPrivateCrtKey)
                    KeyFactory.getInstance("RSA")
                            .generatePrivate(new PKCS8EncodedKeySpec(decode(pem)));
        } catch (GeneralSecurityException | IllegalArgumentException broken) {
            throw new LocalFailure(
                    file
                            + " holds no RSA key that can be read: delete it, and the next start makes a new one.",
                    broken);
        }
    }

    /// @param subject whom the token names: the actor in each event's metadata
    /// @param scopes of `read`, `write`, `model-admin`, `audit`
    public String token(String subject, Collection<String> scopes, Duration lifetime) {
        Instant now = Instant.now();
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).type(JOSEObjectType.JWT).build(),
                        new JWTClaimsSet.Builder()
                                .issuer(ISSUER)
                                .subject(subject)
                                .claim("scope", String.join(" ", scopes))
                                .issueTime(Date.from(now))
                                .expirationTime(Date.from(now.plus(lifetime)))
                                .build());
        try {
            token.sign(new RSASSASigner(privateKey));
        } catch (JOSEException broken) {
            throw new LocalFailure("Cannot sign a token: " + broken.getMessage(), broken);
        }
        return token.serialize();
    }

    private static String newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            return encode("PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded());
        } catch (GeneralSecurityException missing) {
            throw new LocalFailure("This JDK cannot make an RSA key.", missing);
        }
    }

    private static String encode(String what, byte[] der) {
        return "-----BEGIN "
                + what
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END "
                + what
                + "-----";
    }

    private static byte[] decode(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }
}
