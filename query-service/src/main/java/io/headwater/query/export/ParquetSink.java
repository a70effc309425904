package io.headwater.query.export;

import io.headwater.contract.ModelName;
import io.headwater.query.sql.CompiledQuery.Shown;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/// Parquet: typed columns, compressed with zstd, in groups of rows that are sent as soon as they
/// are full. What is not ended has no footer, and no reader takes it.
final class ParquetSink implements RecordSink {
    /// Bytes of a group of rows, all of which are in memory until it is sent.
    private static final long ROW_GROUP = 8L << 20;

    private static final int PAGE = 256 << 10;

    private final ParquetRows rows;
    private final ParquetWriter<ResultSet> writer;
    private final OutputStream out;

    ParquetSink(ModelName model, List<Shown> columns, OutputStream out) throws IOException {
        this.out = out;
        this.rows = new ParquetRows(model, columns);
        this.writer =
                new Builder(new Streamed(new Counted(out)), rows)
                        .withConf(new PlainParquetConfiguration())
                        .withCodecFactory(new ZstdPages())
                        .withCompressionCodec(CompressionCodecName.ZSTD)
                        .withRowGroupSize(ROW_GROUP)
                        .withPageSize(PAGE)
                        .withDictionaryPageSize(PAGE)
                        .build();
    }

    @Override
    public void write(ResultSet row) throws IOException {
        writer.write(row);
    }

    @Override
    public void end() throws IOException {
        writer.close();
        out.flush();
    }

    @Override
    public long bytes() {
        return rows.bytes();
    }

    private static final class Builder extends ParquetWriter.Builder<ResultSet, Builder> {
        private final ParquetRows rows;

        Builder(OutputFile file, ParquetRows rows) {
            super(file);
            this.rows = rows;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // it is abstract all the same
        protected WriteSupport<ResultSet> getWriteSupport(Configuration hadoop) {
            return rows;
        }

        @Override
        protected WriteSupport<ResultSet> getWriteSupport(ParquetConfiguration configuration) {
            return rows;
        }
    }

    /// The answer as what Parquet takes for a file: it is only ever written on at its end.
    private record Streamed(Counted out) implements OutputFile {
        @Override
        public PositionOutputStream create(long blockSize) {
            return new PositionOutputStream() {
                @Override
                public long getPos() {
                    return out.bytes();
                }

                @Override
                public void write(int one) throws IOException {
                    out.write(one);
                }

                @Override
                public void write(byte[] many, int offset, int length) throws IOException {
                    out.write(many, offset, length);
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSize) {
            return create(blockSize);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
