package org.ntk4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.activation.GivenFunction;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.finite.TrainedNetwork;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.Moment;
import org.ntk4j.inference.Regression;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Layer;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;
import org.ntk4j.study.Study;

/** Whoever gives null to a method of the language is told which argument it was, whatever the method. */
class NullArgumentsTest {

    private static final double[][] ROWS = {{1, 0}, {0.5, 0.8}};
    private static final double[][] TARGETS = {{1}, {0}};

    @TempDir
    Path folder;

    /** What a method is called on; one of each class that the language knows. */
    private List<Object> receivers() {
        Network net = Network.mlp().width(4);
        Kernel k = net.ntk(Ntk.inputs(ROWS));
        Fit fit = Regression.of(k).ridge(0.1).fit(TARGETS);
        var training = Ntk.gradientDescent().learningRate(0.1).until(Ntk.maxSteps(2));
        TrainedNetwork trained = net.init(0).train(ROWS, TARGETS, training);
        Experiment experiment = Experiment.mlp().width(4).on(Ntk.stripes().size(3).channels(2).train(8).test(4)).ntk("ntk.infinite")
                .report(false);
        Comparison comparison = new Comparison(Study.run(experiment.definition(),
                new Settings(folder, folder, Optional.empty(), 1L << 30, 1), Monitor.silent(), false, List.of("test")));
        return List.of(net, k, k.spectrum(), fit, Regression.of(k), fit.posterior(), fit.ensemble(net.nngp(Ntk.inputs(ROWS))),
                fit.ridgePath(), training, Ntk.maxSteps(3), trained, net.init(0), net.ensemble(2), net.ensemble(2).train(ROWS, TARGETS,
                        training), net.init(0).expand(1), net.monteCarlo(2, 4), experiment, comparison, Ntk.stripes(), Ntk.inputs(ROWS),
                Ntk.stripes().train(), Ntk.phaseDiagram(Ntk.erf(), new double[] {1}, new double[] {0}), Ntk.regression(), Ntk.infinity(),
                Ntk.conv(3), Ntk.dense(3), Ntk.slice(1), Ntk.aggregate(), Ntk.embedding(3, 2), comparison.cells());
    }

    private Map<Class<?>, Object> samples() {
        Map<Class<?>, Object> samples = new LinkedHashMap<>();
        for (Object receiver : receivers()) {
            samples.put(receiver.getClass(), receiver);
        }
        samples.put(Object.class, 1);
        samples.put(String.class, "a");
        samples.put(Path.class, folder.resolve("none.csv"));
        samples.put(Shape.class, Shape.of(2));
        samples.put(DoubleUnaryOperator.class, (DoubleUnaryOperator) Math::tanh);
        samples.put(GivenFunction.Twin.class, (GivenFunction.Twin) (tf, x) -> tf.math.tanh(x));
        for (Object other : List.of(Ntk.relu(), Ntk.dense(2), Ntk.auto(), Ntk.leaveOneOut(), Ntk.cholesky(), Ntk.top(3), Ntk.seed(1),
                Ntk.adam().optimizer(), Map.of(), List.of())) {
            samples.put(other.getClass(), other);
        }
        return samples;
    }

    private static Optional<Object> sample(Class<?> type, Map<Class<?>, Object> samples) {
        if (type == boolean.class) {
            return Optional.of(false);
        }
        if (type.isPrimitive()) {
            return Optional.of(Array.get(Array.newInstance(type, 1), 0));
        }
        if (type.isArray()) {
            return Optional.of(Array.newInstance(type.getComponentType(), 0));
        }
        return Optional.ofNullable(samples.get(type))
                .or(() -> samples.values().stream().filter(type::isInstance).findFirst());
    }

    @Test
    void are_named() throws IllegalAccessException {
        Map<Class<?>, Object> samples = samples();
        List<Class<?>> face = new ArrayList<>(List.of(Ntk.class));
        receivers().stream().map(Object::getClass).filter(c -> c.getName().startsWith("org.ntk4j.")).forEach(face::add);
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        for (Class<?> type : face) {
            List<Method> methods = Stream.of(type.getDeclaredMethods())
                    .filter(m -> Modifier.isPublic(m.getModifiers()) && !m.isSynthetic() && !m.getName().equals("equals")).toList();
            for (Method method : methods) {
                List<Optional<Object>> usual = Arrays.stream(method.getParameterTypes()).map(t -> sample(t, samples)).toList();
                for (int i = 0; i < usual.size(); i++) {
                    Parameter parameter = method.getParameters()[i];
                    if (usual.stream().allMatch(Optional::isPresent) && isOfTheLanguage(method)
                            && !parameter.getType().isPrimitive()) {
                        asked++;
                        answer(method, samples.get(type), usual, i).ifPresent(text -> wrong.add(method + ": " + text));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(asked).isGreaterThan(200);
    }

    /** What layers and options are asked by networks and writers, nobody calls by hand. */
    private static boolean isOfTheLanguage(Method method) {
        boolean ofLayers = Layer.class.isAssignableFrom(method.getDeclaringClass())
                && Stream.of(Layer.class.getMethods()).anyMatch(m -> m.getName().equals(method.getName()));
        return !ofLayers && !method.getName().equals("toMap");
    }

    /** What is wrong with what is said of a null in this place. */
    private static Optional<String> answer(Method method, @Nullable Object receiver, List<Optional<Object>> usual, int place)
            throws IllegalAccessException {
        Object[] arguments = usual.stream().map(Optional::get).toArray();
        arguments[place] = null;
        String name = method.getParameters()[place].getName();
        try {
            method.invoke(receiver, arguments);
            return Optional.of("null as " + name + " is taken");
        } catch (InvocationTargetException e) {
            String said = String.valueOf(e.getCause());
            // A wither is known by the name of the option, a value by that of its path.
            boolean named = Stream.of(name, method.getName(), "a").anyMatch(word -> said.matches(".*[:.] ?" + word + " is null; .*"));
            return e.getCause() instanceof Failure && named ? Optional.empty() : Optional.of("null as " + name + ": " + said);
        }
    }
}
