package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.ntk4j.network.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The forward pass of a finite network while it is put into a graph. Layers ask it for their weights by name, and it
 * records every trained linear map, so that tangent kernels need to know nothing about layers.
 */
public final class Forward {

    private final Ops tf;
    private final String path;
    private final Function<String, Operand<TFloating>> weights;
    private final List<LinearMap> maps;

    private Forward(Ops tf, String path, Function<String, Operand<TFloating>> weights, List<LinearMap> maps) {
        this.tf = tf;
        this.path = path;
        this.weights = weights;
        this.maps = maps;
    }

    /** A forward pass in a graph that finds its weights by their full names. */
    static Forward in(Ops tf, Function<String, Operand<TFloating>> weights) {
        return new Forward(tf, "", weights, new ArrayList<>());
    }

    /** TensorFlow's ops. */
    public Ops tf() {
        return tf;
    }

    /** The same pass, one step further inside: names of weights get this prefix. */
    public Forward inside(String step) {
        return new Forward(tf, path.isEmpty() ? step : path + "." + step, weights, maps);
    }

    /** The linear maps so far, first to last. */
    List<LinearMap> maps() {
        return List.copyOf(maps);
    }

    /** {@code scale · x W} at every position, W being the weights of that name, {@code [in, units]}. */
    public Signal linear(Signal x, String name, double scale, int units) {
        int in = x.shape().channels();
        int positions = x.shape().positions();
        Operand<TFloating> flat = tf.reshape(x.value(), tf.constant(new int[] {-1, in}));
        Operand<TFloating> w = weights.apply(path + "/" + name);
        Operand<TFloating> product = tf.linalg.matMul(flat, w);
        Operand<TFloating> z = scale == 1 ? product : tf.math.mul(product, Numbers.like(tf, product, scale));
        Operand<TFloating> recorded = tf.reshape(z, tf.constant(new int[] {-1, positions, units}));
        Operand<TFloating> h = tf.reshape(flat, tf.constant(new int[] {-1, positions, in}));
        maps.add(new LinearMap(path, w, x.origin(), h, recorded, positions, in, units, scale, 0));
        return shaped(recorded, x.shape().withChannels(units), Signal.Origin.MAP);
    }

    /** {@code x + scale · b} at every position, b being the weights of that name, {@code [channels]}; right after {@link #linear}. */
    public Signal bias(Signal x, String name, double scale) {
        LinearMap map = maps.remove(maps.size() - 1);
        Operand<TFloating> b = weights.apply(path + "/" + name);
        Operand<TFloating> z = tf.math.add(map.z(), tf.math.mul(b, Numbers.like(tf, b, scale)));
        maps.add(new LinearMap(map.name(), map.weights(), map.source(), map.h(), z, map.positions(), map.in(), map.out(),
                map.scale(), scale));
        return shaped(z, x.shape(), Signal.Origin.MAP);
    }

    /** The same values in another shape. */
    public Signal reshape(Signal x, Shape shape) {
        return x.shape().equals(shape) ? x : shaped(x.value(), shape, Signal.Origin.OTHER);
    }

    private Signal shaped(Operand<TFloating> value, Shape shape, Signal.Origin origin) {
        int[] sizes = new int[shape.sizes().length + 1];
        sizes[0] = -1;
        System.arraycopy(shape.sizes(), 0, sizes, 1, sizes.length - 1);
        return new Signal(tf.reshape(value, tf.constant(sizes)), shape, origin);
    }
}
