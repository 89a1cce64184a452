package org.ntk4j.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.ntk4j.base.Failure;

/**
 * An array in NumPy's file format {@code .npy} (versions 1 to 3: NumPy Enhancement Proposal 1 and its successors in
 * {@code numpy.lib.format}).
 *
 * @param shape  the size of each axis; none for a single number
 * @param values the values in C order, in float64; not a copy
 */
public record Npy(int[] shape, double[] values) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MOST_HEADER = 1 << 20;
    private static final int BLOCK = 1 << 20;

    /**
     * Reads a file: float16 to float64, whole numbers and truth values, in either byte order and in C or Fortran order.
     *
     * @throws Failure with the file's name if it is not such a file, is cut short, or has more bytes than its shape says
     */
    public static Npy read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            NpyHeader header = header(channel, file);
            if (header.size() > Integer.MAX_VALUE - 8) {
                throw Failure.input(file + ": an array of " + Arrays.toString(header.shape()) + " has more values than fit; at most "
                        + (Integer.MAX_VALUE - 8));
            }
            long expected = channel.position() + header.size() * header.type().bytes();
            if (channel.size() != expected) {
                throw Failure.input(file + ": the file has " + channel.size() + " bytes; an array of " + header.type().name() + " "
                        + Arrays.toString(header.shape()) + " needs " + expected);
            }
            double[] values = values(channel, header);
            return new Npy(header.shape(), header.fortran() ? toC(values, header.shape()) : values);
        } catch (NoSuchFileException e) {
            throw Failure.input(file + ": there is no such file");
        } catch (EOFException e) {
            throw Failure.input(file + ": this is no .npy file: it ends within its header");
        } catch (IOException e) {
            throw Failure.input(file + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    /**
     * Reads an array from a stream to its end, such as a member of an archive.
     *
     * @param name what messages call it
     * @throws Failure as of a file
     */
    public static Npy read(InputStream stream, String name) {
        try {
            ReadableByteChannel channel = Channels.newChannel(stream);
            NpyHeader header = header(channel, Path.of(name));
            if (header.size() > Integer.MAX_VALUE - 8) {
                throw Failure.input(name + ": an array of " + Arrays.toString(header.shape()) + " has more values than fit; at most "
                        + (Integer.MAX_VALUE - 8));
            }
            double[] values = values(channel, header);
            if (stream.read() >= 0) {
                throw Failure.input(name + ": there are more bytes than an array of " + header.type().name() + " "
                        + Arrays.toString(header.shape()) + " needs");
            }
            return new Npy(header.shape(), header.fortran() ? toC(values, header.shape()) : values);
        } catch (EOFException e) {
            throw Failure.input(name + ": this is no whole .npy file: it ends too early");
        } catch (IOException e) {
            throw Failure.input(name + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    static NpyHeader header(ReadableByteChannel channel, Path file) throws IOException {
        ByteBuffer start = take(channel, 8);
        byte[] magic = new byte[6];
        start.get(magic);
        int version = start.get();
        start.get();
        if (!Arrays.equals(magic, MAGIC)) {
            throw Failure.input(file + ": this is no .npy file: it does not begin with \\x93NUMPY");
        }
        if (version < 1 || version > 3) {
            throw Failure.input(file + ": version " + version + " of the .npy format is not known; 1, 2 and 3 are");
        }
        long length = version == 1 ? take(channel, 2).getShort() & 0xffff : take(channel, 4).getInt() & 0xffff_ffffL;
        if (length > MOST_HEADER) {
            throw Failure.input(file + ": a header of " + length + " bytes is too long; this is no .npy file");
        }
        byte[] text = take(channel, (int) length).array();
        return NpyHeader.parse(new String(text, version < 3 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8), file.toString());
    }

    private static ByteBuffer take(ReadableByteChannel channel, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException();
            }
        }
        return bytes.flip();
    }

    private static double[] values(ReadableByteChannel channel, NpyHeader header) throws IOException {
        double[] values = new double[(int) header.size()];
        NpyHeader.Type type = header.type();
        int perBlock = BLOCK / type.bytes();
        for (int done = 0; done < values.length; done += perBlock) {
            int count = Math.min(perBlock, values.length - done);
            ByteBuffer bytes = take(channel, count * type.bytes()).order(type.order());
            for (int i = 0; i < count; i++) {
                values[done + i] = type.next(bytes);
            }
        }
        return values;
    }

    /** Values in Fortran order (first axis fastest) into C order (last axis fastest). */
    private static double[] toC(double[] fortran, int[] shape) {
        double[] c = new double[fortran.length];
        int[] index = new int[shape.length];
        for (int from = 0; from < fortran.length; from++) {
            int to = 0;
            for (int axis = 0; axis < shape.length; axis++) {
                to = to * shape[axis] + index[axis];
            }
            c[to] = fortran[from];
            for (int axis = 0; axis < shape.length && ++index[axis] == shape[axis]; axis++) {
                index[axis] = 0;
            }
        }
        return c;
    }

    /**
     * Writes values as float64, little-endian, in C order, version 1; whole or not at all, replacing what was there.
     *
     * @param values as many as the product of the shape, in C order
     * @throws Failure if the file cannot be written
     */
    public static void write(Path file, double[] values, int... shape) {
        long size = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
        if (size != values.length) {
            throw new IllegalArgumentException(values.length + " values are not an array of " + Arrays.toString(shape));
        }
        Path aside = file.resolveSibling("." + file.getFileName() + ".writing");
        try {
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                write(channel, values, shape);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Failure.run(file + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }

    static void write(WritableByteChannel channel, double[] values, int... shape) throws IOException {
        put(channel, ByteBuffer.wrap(NpyHeader.ofDoubles(shape)));
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        DoubleBuffer doubles = bytes.asDoubleBuffer();
        for (int done = 0; done < values.length; done += doubles.capacity()) {
            int count = Math.min(doubles.capacity(), values.length - done);
            doubles.clear().put(values, done, count);
            put(channel, bytes.clear().limit(count * Double.BYTES));
        }
    }

    static void put(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
