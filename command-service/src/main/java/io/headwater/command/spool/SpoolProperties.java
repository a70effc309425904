package io.headwater.command.spool;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// Where uploads of imports are kept until they are done.
///
/// @param directory a folder of this service; several services on one machine may share it
/// @param perUpload most bytes of one file, decompressed; 1 byte to 1 TB
/// @param inAll most bytes of all files, decompressed; at least `perUpload`
/// @param keepFree bytes that the disk keeps free for others
@Validated
@ConfigurationProperties("headwater.spool")
public record SpoolProperties(
        @NotNull @DefaultValue("${java.io.tmpdir}/headwater-spool") Path directory,
        @NotNull @DefaultValue("4GB") DataSize perUpload,
        @NotNull @DefaultValue("16GB") DataSize inAll,
        @NotNull @DefaultValue("256MB") DataSize keepFree) {

    public SpoolProperties {
        long most = DataSize.ofTerabytes(1).toBytes();
        if (perUpload.toBytes() < 1 || perUpload.toBytes() > most) {
            throw new IllegalArgumentException(
                    "headwater.spool.per-upload is 1 byte to 1 TB, not " + perUpload);
        }
        if (inAll.compareTo(perUpload) < 0) {
            throw new IllegalArgumentException(
                    "headwater.spool.in-all is at least headwater.spool.per-upload, %s; it is %s"
                            .formatted(perUpload, inAll));
        }
        if (keepFree.isNegative()) {
            throw new IllegalArgumentException("headwater.spool.keep-free is not negative");
        }
    }
}
