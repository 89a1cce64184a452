package org.ntk4j.files;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;

/**
 * The lines of a text file in UTF-8, with or without gzip (told apart by content), ending with LF, CRLF or CR. A line that is not
 * UTF-8 is noted as a mistake and read with marks in place of what is wrong, so that reading goes on.
 */
public final class TextLines implements AutoCloseable {

    private static final int MOST_BYTES = 16 << 20;

    private final FileMistakes mistakes;
    private final InputStream in;
    private final CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
    private final byte[] block = new byte[1 << 16];
    private int at;
    private int filled;
    private byte[] bytes = new byte[1024];
    private int number;

    private TextLines(FileMistakes mistakes, InputStream in) {
        this.mistakes = mistakes;
        this.in = in;
    }

    /**
     * Opens a file.
     *
     * @throws Failure if it is missing or a folder, or begins like text in UTF-16
     */
    public static TextLines open(FileMistakes mistakes) {
        Path file = mistakes.file();
        if (Files.isDirectory(file)) {
            throw Failure.input(file + ": this is a folder, not a file");
        }
        WholeFile.checkRegular(file);
        InputStream raw = null;
        try {
            raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
            raw.mark(2);
            int first = raw.read();
            int second = raw.read();
            raw.reset();
            if (first == 0xff && second == 0xfe || first == 0xfe && second == 0xff) {
                raw.close();
                throw Failure.input(file + ":1: this is text in UTF-16; save it as UTF-8");
            }
            return new TextLines(mistakes, first == 0x1f && second == 0x8b ? new GZIPInputStream(raw, 1 << 16) : raw);
        } catch (NoSuchFileException e) {
            throw Failure.input(file + ": there is no such file");
        } catch (IOException e) {
            close(raw);
            throw unreadable(file, e);
        }
    }

    private static void close(@Nullable InputStream in) {
        try {
            if (in != null) {
                in.close();
            }
        } catch (IOException e) {
            // What went wrong before is told.
        }
    }

    /** The number of the line that was read last, from 1. */
    public int number() {
        return number;
    }

    /** The next line without its end; null after the last. */
    public @Nullable String next() {
        try {
            int length = 0;
            boolean any = false;
            while (at < filled || fill()) {
                any = true;
                int end = at;
                // CR alone ends a line as well, as it did on old Macs.
                while (end < filled && block[end] != '\n' && block[end] != '\r') {
                    end++;
                }
                length = append(length, end);
                boolean ended = end < filled;
                boolean carriage = ended && block[end] == '\r';
                at = ended ? end + 1 : end;
                if (carriage && (at < filled || fill()) && block[at] == '\n') {
                    at++;
                }
                if (ended) {
                    break;
                }
            }
            if (!any) {
                return null;
            }
            number++;
            return text(length);
        } catch (IOException e) {
            throw unreadable(mistakes.file(), e);
        }
    }

    private int append(int length, int end) {
        int more = end - at;
        if (length + more > MOST_BYTES) {
            throw Failure.input(mistakes.file() + ":" + (number + 1) + ": the line has more than " + MOST_BYTES
                    + " bytes; is this a text file?");
        }
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
        System.arraycopy(block, at, bytes, length, more);
        return length + more;
    }

    private boolean fill() throws IOException {
        at = 0;
        filled = Math.max(0, in.read(block));
        return filled > 0;
    }

    private String text(int length) {
        String line;
        try {
            line = strict.decode(ByteBuffer.wrap(bytes, 0, length)).toString();
        } catch (CharacterCodingException e) {
            mistakes.add(number, "this is not text in UTF-8; save the file as UTF-8");
            line = new String(bytes, 0, length, StandardCharsets.UTF_8);
        }
        if (line.indexOf('\0') >= 0) {
            mistakes.add(number, "there is a zero byte in the line; is this a text file in UTF-8?");
        }
        return number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
    }

    private static Failure unreadable(Path file, IOException e) {
        boolean damaged = e instanceof ZipException || e instanceof EOFException;
        return Failure.input(file + (damaged ? ": damaged gzip data (" : ": cannot be read (") + e.getMessage() + ")");
    }

    @Override
    public void close() {
        close(in);
    }
}
