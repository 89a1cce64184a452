package org.ntk4j.infinite.tile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Finished tiles in a file: {@code NTKTILES}, how many there are, for each its four bounds and the values of K_∞ and Θ_∞, and a CRC-32C of
 * all that; little-endian. It is written under another name and renamed once it is on the disk.
 */
final class TileFile {

    private static final byte[] MAGIC = "NTKTILES".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD = MAGIC.length + Integer.BYTES;
    private static final int BOUNDS = 4 * Integer.BYTES;
    private static final int CHECKSUM = Long.BYTES;

    private TileFile() {
    }

    /** The bytes of a tile in a file. */
    static long bytes(Tile t) {
        return BOUNDS + 2L * Double.BYTES * t.size();
    }

    /** Writes tiles of less than 2 GiB together; whole or not at all. */
    static void write(Path file, List<TileValues> tiles) throws IOException {
        write(file, tiles, "");
    }

    /**
     * Writes tiles of less than 2 GiB together, whole or not at all, where several may write one file.
     *
     * @param attempt what the others do not have in the temporary name
     * @return the checksum
     */
    static long write(Path file, List<TileValues> tiles, String attempt) throws IOException {
        Path aside = file.resolveSibling("." + file.getFileName() + attempt + ".writing");
        long checksum;
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            checksum = write(channel, tiles);
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        return checksum;
    }

    /** Writes the bytes of such a file, wherever they go; returns the checksum. */
    static long write(WritableByteChannel channel, List<TileValues> tiles) throws IOException {
        CRC32C checksum = new CRC32C();
        put(channel, checksum, buffer(HEAD).put(MAGIC).putInt(tiles.size()));
        for (TileValues values : tiles) {
            Tile t = values.tile();
            ByteBuffer bytes = buffer(Math.toIntExact(bytes(t)));
            bytes.putInt(t.i0()).putInt(t.i1()).putInt(t.j0()).putInt(t.j1());
            bytes.asDoubleBuffer().put(values.nngp()).put(values.ntk());
            put(channel, checksum, bytes.position(bytes.capacity()));
        }
        put(channel, new CRC32C(), buffer(CHECKSUM).putLong(checksum.getValue()));
        return checksum.getValue();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void put(WritableByteChannel channel, CRC32C checksum, ByteBuffer bytes) throws IOException {
        bytes.flip();
        checksum.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The tiles of a file; empty if it is damaged. */
    static Optional<List<TileValues>> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < HEAD + CHECKSUM || channel.size() > Integer.MAX_VALUE - 8) {
                return Optional.empty();
            }
            ByteBuffer bytes = buffer((int) channel.size());
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = channel.read(bytes);
            }
            bytes.flip();
            CRC32C checksum = new CRC32C();
            int end = bytes.limit() - CHECKSUM;
            checksum.update(bytes.duplicate().limit(end));
            byte[] magic = new byte[MAGIC.length];
            bytes.get(magic);
            if (!Arrays.equals(magic, MAGIC) || bytes.getLong(end) != checksum.getValue()) {
                return Optional.empty();
            }
            List<TileValues> tiles = new ArrayList<>();
            for (int left = bytes.getInt(); left > 0; left--) {
                Tile t = new Tile(bytes.getInt(), bytes.getInt(), bytes.getInt(), bytes.getInt());
                double[] nngp = new double[(int) t.size()];
                double[] ntk = new double[nngp.length];
                bytes.asDoubleBuffer().get(nngp).get(ntk);
                bytes.position(bytes.position() + 2 * Double.BYTES * nngp.length);
                tiles.add(new TileValues(t, nngp, ntk));
            }
            return Optional.of(tiles);
        }
    }
}
