package org.ntk4j.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ntk4j.base.Failure;

/**
 * The header of a {@code .npy} file: a Python dictionary of exactly {@code descr}, {@code fortran_order} and {@code shape}.
 *
 * @param type    the type of each value
 * @param fortran true where the first axis runs fastest
 * @param shape   the size of each axis
 */
record NpyHeader(Type type, boolean fortran, int[] shape) {

    private static final Pattern DESCR = Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"]([^'\"]{1,40})['\"]");
    private static final Pattern ORDER = Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([0-9,\\sL]*)\\)");
    private static final Pattern TYPE = Pattern.compile("([<>|=])(f[248]|[iu][1248]|b1)");

    /** The type of the values in a file: {@code f8} little-endian is float64. */
    record Type(String name, char kind, int bytes, ByteOrder order) {

        /** The next value. */
        double next(ByteBuffer from) {
            return switch (kind) {
                case 'f' -> bytes == 8 ? from.getDouble() : bytes == 4 ? from.getFloat() : half(from.getShort());
                case 'u' -> bytes == 8 ? unsigned(from.getLong()) : bytes == 4 ? Integer.toUnsignedLong(from.getInt())
                        : bytes == 2 ? Short.toUnsignedInt(from.getShort()) : Byte.toUnsignedInt(from.get());
                case 'i' -> bytes == 8 ? from.getLong() : bytes == 4 ? from.getInt() : bytes == 2 ? from.getShort() : from.get();
                default -> from.get() == 0 ? 0 : 1;
            };
        }

        private static double unsigned(long value) {
            // Halved with the lowest bit kept, so that the rounding is right.
            return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
        }

        /** IEEE 754 binary16. */
        private static double half(short bits) {
            int exponent = bits >> 10 & 0x1f;
            int fraction = bits & 0x3ff;
            double size = exponent == 0 ? fraction * 0x1p-24
                    : exponent == 31 ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                    : (1024 + fraction) * Math.scalb(1.0, exponent - 25);
            return bits < 0 ? -size : size;
        }
    }

    /** The number of values. */
    long size() {
        return Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
    }

    /**
     * Reads a header.
     *
     * @throws Failure if it is none, or of a type that is not numbers, or of more values than a file holds
     */
    static NpyHeader parse(String text, String file) {
        Matcher descr = DESCR.matcher(text);
        Matcher order = ORDER.matcher(text);
        Matcher shape = SHAPE.matcher(text);
        if (!text.stripLeading().startsWith("{") || !order.find() || !shape.find()) {
            throw Failure.input(file + ": this is no .npy file: its header lacks descr, fortran_order or shape");
        }
        if (!descr.find()) {
            throw Failure.input(file + ": an array of structures is not supported; allowed: numbers");
        }
        Matcher type = TYPE.matcher(descr.group(1));
        if (!type.matches()) {
            throw Failure.input(file + ": values of the type '" + descr.group(1)
                    + "' are not supported; allowed: float16 to float64, int8 to int64, uint8 to uint64, bool");
        }
        ByteOrder bytes = switch (type.group(1)) {
            case ">" -> ByteOrder.BIG_ENDIAN;
            case "<" -> ByteOrder.LITTLE_ENDIAN;
            default -> ByteOrder.nativeOrder();
        };
        String name = type.group(2);
        return new NpyHeader(new Type(descr.group(1), name.charAt(0), name.charAt(1) - '0', bytes), order.group(1).equals("True"),
                shape(shape.group(1), file));
    }

    private static int[] shape(String text, String file) {
        String[] sizes = Arrays.stream(text.split(",")).map(s -> s.strip().replaceFirst("L$", "")).filter(s -> !s.isEmpty())
                .toArray(String[]::new);
        int[] shape = new int[sizes.length];
        long product = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (!sizes[i].matches("\\d{1,10}") || Long.parseLong(sizes[i]) > Integer.MAX_VALUE) {
                throw Failure.input(file + ": the shape (" + text.strip() + ") is not one of an array");
            }
            shape[i] = Integer.parseInt(sizes[i]);
            product = Math.multiplyHigh(product, shape[i]) == 0 ? product * shape[i] : -1;
            if (product < 0 || product > Long.MAX_VALUE / 16) {
                throw Failure.input(file + ": an array of (" + text.strip() + ") has more values than any file");
            }
        }
        return shape;
    }

    /** Magic, version 1 and the header of an array of float64 in C order, padded to a multiple of 64 bytes. */
    static byte[] ofDoubles(int[] shape) {
        String sizes = Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        String dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + sizes + (shape.length == 1 ? "," : "") + "), }";
        int length = (10 + dictionary.length() + 1 + 63) / 64 * 64 - 10;
        ByteBuffer bytes = ByteBuffer.allocate(10 + length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0).putShort((short) length);
        bytes.put((dictionary + " ".repeat(length - dictionary.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
        return bytes.array();
    }
}
