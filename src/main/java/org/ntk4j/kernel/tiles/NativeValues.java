package org.ntk4j.kernel.tiles;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;

/** Values of a Java array in native memory of either precision. */
final class NativeValues {

    private static final int CHUNK = 1 << 13;

    private NativeValues() {
    }

    static void put(DoublePointer target, double[] values, int from, int count) {
        target.put(values, from, count);
    }

    static void get(DoublePointer source, double[] values, int from, int count) {
        source.get(values, from, count);
    }

    static void put(FloatPointer target, double[] values, int from, int count) {
        float[] chunk = new float[Math.min(CHUNK, count)];
        for (int done = 0; done < count; done += CHUNK) {
            int some = Math.min(CHUNK, count - done);
            for (int i = 0; i < some; i++) {
                chunk[i] = (float) values[from + done + i];
            }
            target.getPointer(done).put(chunk, 0, some);
        }
    }

    static void get(FloatPointer source, double[] values, int from, int count) {
        float[] chunk = new float[Math.min(CHUNK, count)];
        for (int done = 0; done < count; done += CHUNK) {
            int some = Math.min(CHUNK, count - done);
            source.getPointer(done).get(chunk, 0, some);
            for (int i = 0; i < some; i++) {
                values[from + done + i] = chunk[i];
            }
        }
    }
}
