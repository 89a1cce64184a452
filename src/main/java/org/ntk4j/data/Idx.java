package org.ntk4j.data;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.ntk4j.base.Failure;

/**
 * The IDX format of the MNIST database, with or without gzip (told apart by content): a magic number (0, 0, the type of
 * the values, the number of axes), the size of each axis as a big-endian 32-bit number, then the values in C order. Here
 * the values are unsigned bytes; images have three axes, labels one.
 */
public final class Idx {

    private static final int IMAGES = 0x00000803;
    private static final int LABELS = 0x00000801;
    private static final int MOST_PIXELS = 1024;
    private static final int MOST_BYTES = 256 << 20;

    private Idx() {
    }

    /**
     * Images of one size.
     *
     * @param count   how many
     * @param rows    the height of each
     * @param columns the width of each
     * @param pixels  {@code count × rows × columns} unsigned bytes
     */
    public record Images(int count, int rows, int columns, byte[] pixels) {

        public Images {
            if ((long) count * rows * columns != pixels.length) {
                throw Failure.input(pixels.length + " bytes are not " + count + " images of " + rows + "×" + columns);
            }
        }

        /** The images at these indices, in this order. */
        public Images select(int[] indices) {
            int size = rows * columns;
            byte[] chosen = new byte[Math.multiplyExact(indices.length, size)];
            for (int i = 0; i < indices.length; i++) {
                System.arraycopy(pixels, indices[i] * size, chosen, i * size, size);
            }
            return new Images(indices.length, rows, columns, chosen);
        }
    }

    /**
     * Reads a file of images.
     *
     * @throws Failure that names the file and what is wrong with it
     */
    public static Images images(Path file) {
        return images(bytes(file), file.toString());
    }

    /**
     * Reads a file of labels.
     *
     * @throws Failure that names the file, and the index of a label that is {@code classes} or more
     */
    public static int[] labels(Path file, int classes) {
        return labels(bytes(file), file.toString(), classes);
    }

    static Images images(byte[] content, String name) {
        try (DataInputStream in = open(content, name)) {
            magic(in, name, IMAGES);
            int count = size(in, name, "images", MOST_BYTES);
            int rows = size(in, name, "rows", MOST_PIXELS);
            int columns = size(in, name, "columns", MOST_PIXELS);
            String promised = count + " images of " + rows + "×" + columns;
            return new Images(count, rows, columns, values(in, name, (long) count * rows * columns, promised));
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    static int[] labels(byte[] content, String name, int classes) {
        try (DataInputStream in = open(content, name)) {
            magic(in, name, LABELS);
            int count = size(in, name, "labels", MOST_BYTES);
            byte[] values = values(in, name, count, count + " labels");
            int[] labels = new int[count];
            for (int i = 0; i < count; i++) {
                labels[i] = values[i] & 0xff;
                if (labels[i] >= classes) {
                    throw Failure.input(name + ": the label at index " + i + " is " + labels[i] + "; allowed: 0 to " + (classes - 1));
                }
            }
            return labels;
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /** Writes images, compressed with gzip. */
    public static void write(Images images, Path file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(16).putInt(IMAGES).putInt(images.count).putInt(images.rows).putInt(images.columns);
        write(header.array(), images.pixels, file);
    }

    /** Writes labels, compressed with gzip. */
    public static void write(int[] labels, Path file) throws IOException {
        byte[] values = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            values[i] = (byte) labels[i];
        }
        write(ByteBuffer.allocate(8).putInt(LABELS).putInt(labels.length).array(), values, file);
    }

    private static void write(byte[] header, byte[] values, Path file) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(header);
            out.write(values);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw Failure.input(file + ": " + Files.size(file) + " bytes are too many; at most " + MOST_BYTES);
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw Failure.input(file + ": there is no such file");
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    private static DataInputStream open(byte[] content, String name) throws IOException {
        if (isPage(content)) {
            throw Failure.input(name + ": this is a web page (HTML) under the name of a data file: a download that went wrong; remove it, "
                    + "and download the file again");
        }
        boolean compressed = content.length > 1 && content[0] == (byte) 0x1f && content[1] == (byte) 0x8b;
        return new DataInputStream(compressed ? new Gunzip(content, name) : new ByteArrayInputStream(content));
    }

    private static boolean isPage(byte[] content) {
        String start = new String(content, 0, Math.min(content.length, 200), StandardCharsets.ISO_8859_1)
                .replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading().toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype") || start.startsWith("<html") || start.startsWith("<?xml") || start.startsWith("<head");
    }

    private static void magic(DataInputStream in, String name, int wanted) throws IOException {
        int magic = in.readInt();
        if (magic != wanted) {
            String found = magic == IMAGES ? " (that is a file of images)" : magic == LABELS ? " (that is a file of labels)" : "";
            throw Failure.input(String.format(Locale.ROOT, "%s: not an IDX file of %s: it begins with %08x%s; needed: %08x",
                    name, wanted == IMAGES ? "images" : "labels", magic, found, wanted));
        }
    }

    private static int size(DataInputStream in, String name, String what, int most) throws IOException {
        int size = in.readInt();
        if (size < 1 || size > most) {
            throw Failure.input(name + ": its header says " + Integer.toUnsignedString(size) + " " + what + "; allowed: 1 to " + most);
        }
        return size;
    }

    /** The header may lie, so memory grows with what is read, not with what is promised. */
    private static byte[] values(InputStream in, String name, long count, String promised) throws IOException {
        if (count > MOST_BYTES) {
            throw Failure.input(name + ": its header says " + promised + ", " + count + " bytes; at most " + MOST_BYTES);
        }
        byte[] values = in.readNBytes((int) count);
        if (values.length < count) {
            throw Failure.input(name + ": truncated: its header says " + promised + ", but only " + values.length + " of " + count
                    + " bytes follow");
        }
        if (in.read() >= 0) {
            throw Failure.input(name + ": its header says " + promised + ", but more bytes follow");
        }
        return values;
    }

    private static Failure unreadable(String name, IOException e) {
        if (e instanceof EOFException) {
            return Failure.input(name + ": truncated: the file ends too early");
        }
        return Failure.input(name + (e instanceof ZipException ? ": damaged gzip data (" : ": cannot be read (") + e.getMessage() + ")");
    }

    /** Gunzip that also notices bytes after the compressed data; the whole file is in its buffer, so none escapes it. */
    private static final class Gunzip extends GZIPInputStream {

        private static final int TRAILER = 8;
        private final String name;

        Gunzip(byte[] content, String name) throws IOException {
            super(new ByteArrayInputStream(content), content.length);
            this.name = name;
        }

        @Override
        public int read(byte[] to, int at, int length) throws IOException {
            int read = super.read(to, at, length);
            if (read < 0 && inf.getRemaining() != TRAILER) {
                throw Failure.input(name + ": more bytes follow after the gzip data");
            }
            return read;
        }
    }
}
