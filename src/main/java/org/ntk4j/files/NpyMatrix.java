package org.ntk4j.files;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;

/**
 * A matrix of float64 or float32 that stays in its {@code .npy} file, of any size: single values come from the mapped file, rows are read
 * into an array. Mapped pages that were looked at count as memory of the process until the system wants them back; rows do not.
 */
public final class NpyMatrix {

    /** Bytes in a mapped window: a mapping of Java's ends at 2 GiB. */
    private static final long WINDOW = 1L << 30;

    private final Path file;
    private final int rows;
    private final int columns;
    private final long start;
    private final int bytesOfValue;
    private final ByteBuffer[] windows;

    private NpyMatrix(Path file, int rows, int columns, long start, int bytesOfValue, ByteBuffer[] windows) {
        this.file = file;
        this.rows = rows;
        this.columns = columns;
        this.start = start;
        this.bytesOfValue = bytesOfValue;
        this.windows = windows;
    }

    /**
     * Opens a matrix of float64, as {@link Writer} writes it, or float32, little-endian, in C order.
     *
     * @throws Failure with the file's name if it is not one
     */
    public static NpyMatrix open(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            NpyHeader header = Npy.header(channel, file);
            if (header.shape().length != 2 || header.fortran() || header.type().kind() != 'f' || header.type().bytes() < 4
                    || header.type().order() != ByteOrder.LITTLE_ENDIAN) {
                throw Failure.input(file + ": this is not a matrix of float64 or float32, little-endian and in C order");
            }
            long start = channel.position();
            int bytesOfValue = header.type().bytes();
            long bytes = header.size() * bytesOfValue;
            if (channel.size() != start + bytes) {
                throw Failure.input(file + ": the file has " + channel.size() + " bytes; its header says " + (start + bytes));
            }
            ByteBuffer[] windows = new ByteBuffer[Math.toIntExact((bytes + WINDOW - 1) / WINDOW)];
            for (int i = 0; i < windows.length; i++) {
                long from = i * WINDOW;
                windows[i] = channel.map(FileChannel.MapMode.READ_ONLY, start + from, Math.min(WINDOW, bytes - from))
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
            return new NpyMatrix(file, header.shape()[0], header.shape()[1], start, bytesOfValue, windows);
        } catch (EOFException e) {
            throw Failure.input(file + ": this is no .npy file: it ends within its header");
        } catch (IOException e) {
            throw Failure.input(file + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    /** Where it lies. */
    public Path file() {
        return file;
    }

    /** The number of rows. */
    public int rows() {
        return rows;
    }

    /** The number of columns. */
    public int columns() {
        return columns;
    }

    /** One value. */
    public double get(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw Failure.input(file + ": there is no row " + row + ", column " + column + " in a matrix of " + rows + " × " + columns
                    + ", counted from 0");
        }
        long at = ((long) row * columns + column) * bytesOfValue;
        ByteBuffer window = windows[(int) (at / WINDOW)];
        return bytesOfValue == Float.BYTES ? window.getFloat((int) (at % WINDOW)) : window.getDouble((int) (at % WINDOW));
    }

    /** Columns {@code from} to before {@code to} of a row, written to {@code target} from {@code at} on. */
    public void read(int row, int from, int to, double[] target, int at) {
        if (row < 0 || row >= rows || from < 0 || from > to || to > columns) {
            throw Failure.input(file + ": there are no columns " + from + " to before " + to + " of row " + row + " in a matrix of " + rows
                    + " × " + columns + ", counted from 0");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((to - from) * bytesOfValue).order(ByteOrder.LITTLE_ENDIAN);
            long position = start + bytesOfValue * ((long) row * columns + from);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, position + bytes.position()) < 0) {
                    throw new EOFException("it has become shorter");
                }
            }
            bytes.flip();
            if (bytesOfValue == Double.BYTES) {
                bytes.asDoubleBuffer().get(target, at, to - from);
                return;
            }
            FloatBuffer values = bytes.asFloatBuffer();
            for (int i = 0; i < to - from; i++) {
                target[at + i] = values.get(i);
            }
        } catch (IOException e) {
            throw Failure.run(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static long position(long start, int columns, int row, int column) {
        return start + Double.BYTES * ((long) row * columns + column);
    }

    /**
     * A matrix that is being written, in any order and by several threads at once: under another name beside {@code file}, which it gets
     * when it is finished. Close it in any case; what was not finished is deleted then.
     */
    public static final class Writer implements AutoCloseable {

        private final Path file;
        private final Path aside;
        private final FileChannel channel;
        private final int columns;
        private final long start;

        /**
         * Begins a matrix of zeros.
         *
         * @throws Failure if the file cannot be written
         */
        public Writer(Path file, int rows, int columns) {
            this.file = file;
            this.aside = file.resolveSibling("." + file.getFileName() + ".writing");
            this.columns = columns;
            byte[] header = NpyHeader.ofDoubles(new int[] {rows, columns});
            this.start = header.length;
            FileChannel opened = null;
            try {
                opened = FileChannel.open(aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
                Npy.put(opened, ByteBuffer.wrap(header));
                if (rows > 0 && columns > 0) {
                    opened.write(ByteBuffer.allocate(Double.BYTES), position(start, columns, rows - 1, columns - 1));
                }
            } catch (IOException e) {
                close(opened);
                throw unwritable(e);
            }
            this.channel = opened;
        }

        /** Writes {@code count} values of {@code values}, from {@code from} on, into a row. */
        public void put(int row, int column, double[] values, int from, int count) {
            ByteBuffer bytes = ByteBuffer.allocate(count * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asDoubleBuffer().put(values, from, count);
            long position = position(start, columns, row, column);
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes, position + bytes.position());
                }
            } catch (IOException e) {
                throw unwritable(e);
            }
        }

        /** Gives it its name, and opens it. */
        public NpyMatrix finish() {
            try {
                channel.close();
                Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw unwritable(e);
            }
            return open(file);
        }

        private Failure unwritable(IOException e) {
            return Failure.run(file + ": cannot be written (" + e.getMessage() + ")", e);
        }

        private static void close(@Nullable FileChannel channel) {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                throw Failure.run("a file cannot be closed (" + e.getMessage() + ")", e);
            }
        }

        @Override
        public void close() {
            close(channel);
            try {
                Files.deleteIfExists(aside);
            } catch (IOException e) {
                aside.toFile().deleteOnExit();
            }
        }
    }
}
