package org.ntk4j.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.base.Failure;

class NpyTest {

    @TempDir
    Path folder;

    private Path file(int version, String header, byte[] data) throws IOException {
        byte[] text = (header + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) version).put((byte) 0);
        if (version == 1) {
            bytes.putShort((short) text.length);
        } else {
            bytes.putInt(text.length);
        }
        bytes.put(text).put(data);
        return Files.write(folder.resolve("x.npy"), Arrays.copyOf(bytes.array(), bytes.position()));
    }

    private static String header(String descr, boolean fortran, String shape) {
        return "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }";
    }

    @Test
    void should_read_back_what_it_wrote() {
        double[] values = new Random(1).doubles(300_000).toArray();
        values[7] = Double.NaN;
        Npy.write(folder.resolve("a.npy"), values, 100, 30, 100);
        Npy back = Npy.read(folder.resolve("a.npy"));
        assertThat(back.shape()).containsExactly(100, 30, 100);
        assertThat(Arrays.equals(back.values(), values)).isTrue();
        assertThat(folder.toFile().list()).containsExactly("a.npy");
    }

    @Test
    void should_write_what_numpy_writes() throws IOException {
        Npy.write(folder.resolve("a.npy"), new double[] {1, 2}, 2);
        byte[] bytes = Files.readAllBytes(folder.resolve("a.npy"));
        assertThat(bytes).hasSize(128 + 16);
        assertThat(new String(bytes, 10, 118, StandardCharsets.US_ASCII))
                .startsWith("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }  ").endsWith(" \n");
    }

    @ParameterizedTest
    @CsvSource({"<f8", ">f8", "<f4", ">f4", "<f2", "<i8", ">i8", "<i4", "<i2", ">i2", "|i1", "<u8", "<u4", "<u2", "|u1", "|b1"})
    void should_read_every_type(String descr) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(16).order(descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        for (int value : new int[] {1, 0}) {
            switch (descr.substring(1)) {
                case "f8" -> data.putDouble(value);
                case "f4" -> data.putFloat(value);
                case "f2" -> data.putShort((short) (value * 0x3c00));
                case "i8", "u8" -> data.putLong(value);
                case "i4", "u4" -> data.putInt(value);
                case "i2", "u2" -> data.putShort((short) value);
                default -> data.put((byte) value);
            }
        }
        Npy array = Npy.read(file(1, header(descr, false, "(2,)"), Arrays.copyOf(data.array(), data.position())));
        assertThat(array.values()).containsExactly(1, 0);
    }

    @Test
    void should_read_signs_halves_and_large_numbers() throws IOException {
        assertThat(Npy.read(file(1, header("|i1", false, "(2,)"), new byte[] {-1, 127})).values()).containsExactly(-1, 127);
        assertThat(Npy.read(file(1, header("|u1", false, "(1,)"), new byte[] {-1})).values()).containsExactly(255);
        byte[] ones = new byte[8];
        Arrays.fill(ones, (byte) -1);
        assertThat(Npy.read(file(1, header("<u8", false, "(1,)"), ones)).values()).containsExactly(0x1p64);
        // −2, the smallest subnormal, infinity, and 65504, the largest.
        assertThat(Npy.read(file(1, header("<f2", false, "(4,)"), new byte[] {0, (byte) 0xc0, 1, 0, 0, 0x7c, (byte) 0xff, 0x7b})).values())
                .containsExactly(-2, 0x1p-24, Double.POSITIVE_INFINITY, 65504);
    }

    @Test
    void should_turn_fortran_order_into_c_order_in_every_version() throws IOException {
        for (int version = 1; version <= 3; version++) {
            Npy array = Npy.read(file(version, header("|u1", true, "(2, 3)"), new byte[] {0, 3, 1, 4, 2, 5}));
            assertThat(array.shape()).containsExactly(2, 3);
            assertThat(array.values()).containsExactly(0, 1, 2, 3, 4, 5);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "1 | {'descr': '<f8', 'fortran_order': False, 'shape': (3,), } | needs",
            "1 | {'descr': '<f8', 'fortran_order': False, 'shape': (1,), } | needs",
            "1 | {'descr': '=O', 'fortran_order': False, 'shape': (1,), } | '=O' are not supported",
            "1 | {'descr': '<c16', 'fortran_order': False, 'shape': (1,), } | not supported",
            "1 | {'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), } | structures",
            "1 | {'descr': '<f8', 'shape': (2,), } | lacks",
            "1 | {'descr': '<f8', 'fortran_order': False, 'shape': (99999, 99999), } | more values than fit",
            "1 | {'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,), } | not one of an array",
            "4 | {'descr': '<f8', 'fortran_order': False, 'shape': (2,), } | version 4",
    })
    void should_name_what_is_wrong(int version, String header, String message) throws IOException {
        Path file = file(version, header, new byte[16]);
        assertThatThrownBy(() -> Npy.read(file)).isInstanceOfSatisfying(Failure.class, e -> assertThat(e.status()).isEqualTo(Failure.INPUT))
                .hasMessageContaining("x.npy: ").hasMessageContaining(message);
    }

    @Test
    void should_answer_any_bytes_with_values_or_a_failure() throws IOException {
        Random random = new Random(3);
        byte[] good = Files.readAllBytes(file(1, header("<f4", true, "(3, 5)"), new byte[60]));
        Path file = folder.resolve("fuzz.npy");
        int read = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(3) == 0 ? random.nextInt(good.length + 9) : good.length);
            for (int changes = random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean()
                        ? random.nextInt(256) : "0123456789(),'<>fiu".charAt(random.nextInt(19)));
            }
            Files.write(file, bytes);
            try {
                Npy array = Npy.read(file);
                assertThat(Arrays.stream(array.shape()).reduce(1, (a, b) -> a * b)).isEqualTo(array.values().length);
                read++;
            } catch (Failure e) {
                assertThat(e.status()).isEqualTo(Failure.INPUT);
            }
        }
        assertThat(read).isBetween(100, 950);
    }
}
