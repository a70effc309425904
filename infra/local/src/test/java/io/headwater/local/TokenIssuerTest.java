package io.headwater.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenIssuerTest {
    @TempDir private Path folder;

    @Test
    void aTokenIsGoodByThePublicKeyAlone() throws Exception {
        TokenIssuer issuer = TokenIssuer.in(folder);
        String token = issuer.token("ada", List.of("read", "write"), Duration.ofDays(1));

        PublicKey publicKey = read(issuer.publicKeyFile());
        SignedJWT read = SignedJWT.parse(token);

        assertThat(read.verify(new RSASSAVerifier((RSAPublicKey) publicKey))).isTrue();
        assertThat(read.getJWTClaimsSet().getSubject()).isEqualTo("ada");
        assertThat(read.getJWTClaimsSet().getStringClaim("scope")).isEqualTo("read write");
        assertThat(read.getJWTClaimsSet().getExpirationTime().toInstant())
                .isBetween(
                        Instant.now().plus(Duration.ofHours(23)),
                        Instant.now().plus(Duration.ofHours(25)));
    }

    @Test
    void theKeyStaysTheSameAndIsForItsOwnerOnly() throws Exception {
        Path file = folder.resolve("token-key.pem");
        TokenIssuer first = TokenIssuer.in(folder);
        TokenIssuer second = TokenIssuer.in(folder);

        assertThat(second.privateKey()).isEqualTo(first.privateKey());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void anUnreadableKeyIsRefusedWithWhatToDo() throws Exception {
        Files.writeString(
                folder.resolve("token-key.pem"),
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----");
        assertThatThrownBy(() -> TokenIssuer.in(folder))
                .isInstanceOf(LocalFailure.class)
                .hasMessageContaining("token-key.pem")
                .hasMessageContaining("delete it");
    }

    private static PublicKey read(Path pem) throws Exception {
        String text =
                Files.readString(pem)
                        .replace("-----BEGIN PUBLIC KEY-----", "")
                        .replace("-----END PUBLIC KEY-----", "");
        return KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(text)));
    }
}
