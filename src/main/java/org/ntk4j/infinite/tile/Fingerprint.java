package org.ntk4j.infinite.tile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Sha256;
import org.ntk4j.data.Inputs;

/**
 * What must be the same for tiles on disk to be used again: lines of text, among them the digests of the inputs.
 *
 * @param lines what it is made of, for a reader
 */
public record Fingerprint(List<String> lines) {

    private static final String TILE = "tile: ";
    private static final int SHOWN = 16;
    private static final int CHUNK = 1 << 13;

    public Fingerprint {
        lines = List.copyOf(lines);
    }

    /** This fingerprint with one more line. */
    public Fingerprint with(String name, Object value) {
        List<String> more = new ArrayList<>(lines);
        more.add(name + ": " + value);
        return new Fingerprint(more);
    }

    /** This fingerprint for tiles of another size. */
    public Fingerprint withTile(int size) {
        return new Fingerprint(lines.stream().map(l -> l.startsWith(TILE) ? TILE + size : l).toList());
    }

    /** The size of tiles in another text that differs from this one in nothing else; 0 if it does. */
    int sizeIn(List<String> others) {
        String line = others.stream().filter(l -> l.matches(TILE + "[1-9][0-9]{0,8}")).findFirst().orElse(TILE + 0);
        int size = Integer.parseInt(line.substring(TILE.length()));
        // A network may have several lines.
        return size > 0 && withTile(size).text().lines().toList().equals(others) ? size : 0;
    }

    /** This fingerprint with inputs: their number, shape and a digest of their values. */
    public Fingerprint with(String name, Inputs inputs) {
        MessageDigest digest = Sha256.begin();
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Double.BYTES);
        double[] values = inputs.values();
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            bytes.clear().asDoubleBuffer().put(values, from, count);
            digest.update(bytes.limit(count * Double.BYTES));
        }
        inputs.graphs()
                .ifPresent(graphs -> digest.update(graphs.edges().stream()
                .map(e -> Arrays.toString(e.tails()) + Arrays.toString(e.heads()) + Arrays.toString(e.weights()))
                .collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8)));
        return with(name, inputs + ", SHA-256 " + HexFormat.of().formatHex(digest.digest()));
    }

    /** One that is made when it is first asked for: it reads all inputs. */
    public static Supplier<Fingerprint> once(Supplier<Fingerprint> made) {
        return new Supplier<>() {

            private @Nullable Fingerprint known;

            @Override
            public synchronized Fingerprint get() {
                Fingerprint one = known == null ? made.get() : known;
                known = one;
                return one;
            }
        };
    }

    /** Whether a definition can be told from another by its text: a function given in Java cannot. */
    public static boolean tells(Object yaml) {
        if (yaml instanceof Map<?, ?> map) {
            return map.values().stream().allMatch(Fingerprint::tells);
        }
        if (yaml instanceof Collection<?> list) {
            return list.stream().allMatch(Fingerprint::tells);
        }
        return yaml == null || yaml instanceof String || yaml instanceof Number || yaml instanceof Boolean;
    }

    /** The text of it. */
    String text() {
        return String.join("\n", lines) + "\n";
    }

    /** Its first hexadecimal digits: the name of a folder. */
    public String name() {
        return HexFormat.of().formatHex(Sha256.begin().digest(text().getBytes(StandardCharsets.UTF_8))).substring(0, SHOWN);
    }
}
