package org.ntk4j.kernel;

/** Features of inputs, one row of numbers for each: their inner products are a kernel, or come near to one. */
public interface KernelFeatures {

    /** The inputs. */
    int rows();

    /** Features of an input. */
    int count();

    /** Writes the features of the inputs {@code from} to before {@code to}, by rows. */
    void read(int from, int to, double[] target);

    /** What they are, in a few words. */
    String describe();
}
