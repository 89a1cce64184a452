package org.ntk4j.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads a tar archive (ustar): blocks of 512 bytes, a header before each file, with its name at 0 and its size in octal digits at 124. */
public final class Tar {

    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE = 12;
    private static final int TYPE_AT = 156;
    private static final int MOST_BYTES = 64 << 20;

    private Tar() {
    }

    /** What is done with a file. */
    public interface Visitor {

        /** A file, whole. */
        void file(String name, byte[] content) throws IOException;
    }

    /** Goes through all plain files of an archive. */
    public static void read(InputStream in, Visitor visitor) throws IOException {
        while (true) {
            byte[] header = in.readNBytes(BLOCK);
            if (header.length < BLOCK || header[0] == 0) {
                return;
            }
            String size = text(header, SIZE_AT, SIZE).strip();
            if (!size.matches("[0-7]{1,11}") || Long.parseLong(size, 8) > MOST_BYTES) {
                throw new IOException("a file of " + (size.isEmpty() ? "no" : "'" + size.replaceAll("\\P{Print}", "?") + "'")
                        + " size in the archive");
            }
            int bytes = Integer.parseInt(size, 8);
            byte[] content = in.readNBytes(bytes);
            if (content.length < bytes) {
                throw new EOFException("the archive ends too early");
            }
            in.skipNBytes((BLOCK - bytes % BLOCK) % BLOCK);
            if (header[TYPE_AT] == '0' || header[TYPE_AT] == 0) {
                visitor.file(text(header, 0, NAME), content);
            }
        }
    }

    private static String text(byte[] header, int at, int length) {
        int end = at;
        while (end < at + length && header[end] != 0) {
            end++;
        }
        return new String(header, at, end - at, StandardCharsets.ISO_8859_1);
    }
}
