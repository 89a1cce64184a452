package org.ntk4j.kernel.tiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;

/**
 * A matrix in tiles of float32 or float64, in native memory or in a folder of mapped files, one for each row of tiles. Several threads may
 * read, and write different tiles. Close it when done; the files stay.
 */
public final class TileStore implements AutoCloseable {

    /** Bytes of a line of the cache. */
    private static final int LINE = 64;

    private final TileLayout layout;
    private final TileNumbers numbers;
    private final @Nullable Path folder;
    private final @Nullable Pointer memory;
    /** Values of the memory before the first tile, which begins a line of the cache. */
    private final long before;
    private final Map<Long, Mapped> mapped = new HashMap<>();

    /** A tile of a file: the pages stay mapped as long as the buffer is known. */
    private record Mapped(MappedByteBuffer buffer, Pointer values) {
    }

    private TileStore(TileLayout layout, boolean single, @Nullable Path folder) {
        this.layout = layout;
        this.numbers = single ? TileNumbers.FLOAT32 : TileNumbers.FLOAT64;
        this.folder = folder;
        this.memory = folder == null ? allocated() : null;
        this.before = memory == null ? 0 : -memory.address() / numbers.bytes() & LINE / numbers.bytes() - 1;
    }

    private Pointer allocated() {
        try {
            return numbers.allocate(layout.values() + LINE / numbers.bytes());
        } catch (OutOfMemoryError e) {
            throw Failure.run("the machine does not give " + (bytes(layout, isSingle()) >> 20) + " MiB of memory for a matrix of "
                    + layout.size() + " × " + layout.size(), e);
        }
    }

    /** In native memory; values are arbitrary until they are put. */
    public static TileStore inMemory(TileLayout layout, boolean single) {
        return new TileStore(layout, single, null);
    }

    /**
     * In a folder, whose files are kept if they are there.
     *
     * @throws Failure if the disk has no room for them, before anything is written
     */
    public static TileStore inFolder(TileLayout layout, boolean single, Path folder) {
        TileStore store = new TileStore(layout, single, folder);
        try {
            Files.createDirectories(folder);
            long missing = 0;
            for (int i = 0; i < layout.down(); i++) {
                missing += store.bytesOfRow(i) - (Files.exists(store.file(i)) ? Files.size(store.file(i)) : 0);
            }
            long free = Files.getFileStore(folder).getUsableSpace();
            // A file system that does not know its size says 0.
            if (free > 0 && free < missing) {
                throw Failure.input(folder + ": a matrix of " + layout.size() + " × " + layout.size() + " needs " + (missing >> 20)
                        + " MiB of disk there and " + (free >> 20)
                        + " MiB are free; choose another folder with --out, or give more --memory");
            }
        } catch (IOException e) {
            throw Failure.run(folder + ": cannot be written (" + e.getMessage() + ")", e);
        }
        return store;
    }

    /** The bytes that a matrix takes. */
    public static long bytes(TileLayout layout, boolean single) {
        return layout.values() * (single ? Float.BYTES : Double.BYTES);
    }

    /** How it is cut. */
    public TileLayout layout() {
        return layout;
    }

    /** True for float32. */
    public boolean isSingle() {
        return numbers == TileNumbers.FLOAT32;
    }

    /** The folder of its files, if it is not in memory. */
    public Optional<Path> folder() {
        return Optional.ofNullable(folder);
    }

    TileNumbers numbers() {
        return numbers;
    }

    /** The values of a tile, by rows. */
    Pointer tile(int i, int j) {
        if (memory != null) {
            return numbers.at(memory, before + layout.offset(i) + layout.offsetInRow(i, j));
        }
        synchronized (mapped) {
            return mapped.computeIfAbsent((long) i * layout.across() + j, index -> map(i, j)).values;
        }
    }

    private Mapped map(int i, int j) {
        long bytes = (long) layout.height(i) * layout.width(i, j) * numbers.bytes();
        try (FileChannel channel = FileChannel.open(file(i), StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_WRITE, layout.offsetInRow(i, j) * numbers.bytes(), bytes);
            buffer.order(ByteOrder.nativeOrder());
            return new Mapped(buffer, numbers.at(new BytePointer(buffer), 0));
        } catch (IOException e) {
            throw Failure.run(file(i) + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }

    private long bytesOfRow(int i) {
        return layout.valuesOfRow(i) * numbers.bytes();
    }

    private Path file(int i) {
        return Objects.requireNonNull(folder).resolve(String.format(Locale.ROOT, "row-%05d.tiles", i));
    }

    /**
     * Writes rows of values anywhere; what would stand left of the first tiles of their rows is left out.
     */
    public void put(int row, int column, int height, int width, double[] values) {
        put(row, column, height, width, values, 0);
    }

    /** Writes rows of the values that begin at {@code at}, as above. */
    public void put(int row, int column, int height, int width, double[] values, int at) {
        for (int r = 0; r < height; r++) {
            int i = (row + r) / layout.tall();
            for (int c = Math.max(0, layout.top(i) - column); c < width;) {
                int j = (column + c) / layout.wide();
                int within = column + c - layout.left(i, j);
                int some = Math.min(width - c, layout.width(i, j) - within);
                numbers.put(tile(i, j), (long) (row + r - layout.top(i)) * layout.width(i, j) + within, values, at + r * width + c, some);
                c += some;
            }
        }
    }

    /** Reads part of a row, right of where the first tile of that row begins. */
    public void read(int row, int from, int to, double[] target, int at) {
        int i = row / layout.tall();
        for (int c = from; c < to;) {
            int j = c / layout.wide();
            int within = c - layout.left(i, j);
            int some = Math.min(to - c, layout.width(i, j) - within);
            numbers.get(tile(i, j), (long) (row - layout.top(i)) * layout.width(i, j) + within, target, at + c - from, some);
            c += some;
        }
    }

    /** Reads rows of one tile, all of its columns, at once; false if these rows and columns are something else. */
    public boolean readTile(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
        int i = fromRow / layout.tall();
        int j = fromColumn / layout.wide();
        boolean some = fromRow < toRow && fromColumn < toColumn && j >= layout.first(i);
        int width = some ? layout.width(i, j) : 0;
        if (!some || fromColumn != layout.left(i, j) || toColumn != fromColumn + width || toRow > layout.top(i) + layout.height(i)) {
            return false;
        }
        numbers.get(tile(i, j), (long) (fromRow - layout.top(i)) * width, target, 0, (toRow - fromRow) * width);
        return true;
    }

    /** Whole rows of a tile as they are, one behind the other, of a store of float32. */
    public FloatBuffer singles(int i, int j, int row, int count) {
        return ((FloatPointer) rows(i, j, row)).limit((long) count * layout.width(i, j)).asBuffer();
    }

    /** Whole rows of a tile as they are, one behind the other, of a store of float64. */
    public DoubleBuffer doubles(int i, int j, int row, int count) {
        return ((DoublePointer) rows(i, j, row)).limit((long) count * layout.width(i, j)).asBuffer();
    }

    private Pointer rows(int i, int j, int row) {
        return numbers.at(tile(i, j), (long) row * layout.width(i, j));
    }

    /** Adds a number to each value on the diagonal. */
    public void addToDiagonal(double shift) {
        double[] one = new double[1];
        for (int row = 0; row < layout.size(); row++) {
            read(row, row, row + 1, one, 0);
            one[0] += shift;
            put(row, row, 1, 1, one);
        }
    }

    /**
     * Copies a row of tiles to another store of the same layout and numbers; one of them lies in files. These go through a channel: pages
     * that are mapped would count as memory of the process.
     */
    public void copyRow(int i, TileStore target) {
        boolean written = target.folder != null;
        Path file = written ? target.file(i) : file(i);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (int j = layout.first(i); j < layout.across(); j++) {
                ByteBuffer values = (written ? this : target).bytes(i, j);
                channel.position(layout.offsetInRow(i, j) * numbers.bytes());
                while (values.hasRemaining()) {
                    if ((written ? channel.write(values) : channel.read(values)) < 0) {
                        throw new IOException("it ends too early");
                    }
                }
            }
            if (written) {
                channel.force(false);
            }
        } catch (IOException e) {
            throw Failure.run(file + ": cannot be " + (written ? "written" : "read") + " (" + e.getMessage() + ")", e);
        }
    }

    private ByteBuffer bytes(int i, int j) {
        long bytes = (long) layout.height(i) * layout.width(i, j) * numbers.bytes();
        BytePointer all = new BytePointer(tile(i, j));
        return all.limit(all.position() + bytes).asByteBuffer();
    }

    /** Sees that a row of tiles is on the disk, where it lies there. */
    public void force(int i) {
        synchronized (mapped) {
            for (int j = layout.first(i); j < layout.across(); j++) {
                Mapped tile = mapped.get((long) i * layout.across() + j);
                if (tile != null) {
                    tile.buffer.force();
                }
            }
        }
    }

    /** Deletes its files. */
    public void delete() {
        close();
        if (folder == null) {
            return;
        }
        try {
            for (int i = 0; i < layout.down(); i++) {
                Files.deleteIfExists(file(i));
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw Failure.run(folder + ": cannot be deleted (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public void close() {
        synchronized (mapped) {
            mapped.clear();
        }
        if (memory != null) {
            memory.close();
        }
    }
}
