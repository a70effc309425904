package io.headwater.command.imports;

import io.headwater.command.spool.Sha256;
import java.nio.ByteBuffer;
import java.util.UUID;

/// UUIDs made from names: the same names always give the same UUID. Version 8 (RFC 9562, 5.8), with
/// the first 122 bits of the names' SHA-256.
final class NamedUuid {
    private NamedUuid() {}

    static UUID of(String... names) {
        var digest = new Sha256();
        for (String name : names) {
            digest.add(name);
        }
        ByteBuffer bits = ByteBuffer.wrap(digest.bytes());
        long high = (bits.getLong() & ~0xF000L) | 0x8000L;
        long low = (bits.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
