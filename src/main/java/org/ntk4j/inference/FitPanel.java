package org.ntk4j.inference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ntk4j.chart.Axis;
import org.ntk4j.chart.Chart;
import org.ntk4j.chart.Curve;
import org.ntk4j.chart.DataTable;
import org.ntk4j.chart.Ink;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.Plot;
import org.ntk4j.chart.Point;
import org.ntk4j.chart.Rule;
import org.ntk4j.chart.Words;

/** A regression as its leave-one-out error over the ridge, next to the eigenvalues that the ridge is to be compared with. */
final class FitPanel {

    private FitPanel() {
    }

    static Panel of(Fit fit) {
        List<RidgePoint> path = fit.ridgePath().points();
        RidgePoint best = path.stream().min(Comparator.comparingDouble(RidgePoint::looError)).orElseThrow();
        Ink loo = Ink.nth(0, "leave-one-out error");
        Ink kare = Ink.nth(1, "KARE");
        Plot errors = Plot.of("Error over the ridge", Axis.log("ridge"), Axis.log("mean squared error"),
                List.of(Curve.of(loo, Curve.Style.MARKED, path.stream().map(p -> Point.of(p.absolute(), p.looError())).toList()),
                        Curve.of(kare, Curve.Style.LINE, path.stream().map(p -> Point.of(p.absolute(), p.kare())).toList())));
        double[] ascending = fit.eigen().values();
        List<Point> spectrum = IntStream.range(0, ascending.length).mapToObj(i -> Point.of(i + 1, ascending[ascending.length - 1 - i]))
                .toList();
        Plot eigenvalues = Plot.of("Eigenvalues of K(train, train)", Axis.log("index"), Axis.log("eigenvalue"),
                List.of(new Curve("", Ink.of("labels"), Curve.Style.LINE, spectrum)));
        if (fit.ridge() > 0) {
            errors = errors.with(Rule.moment(fit.ridge(), "this ridge"));
            eigenvalues = eigenvalues.with(Rule.level(fit.ridge(), "ridge"));
        }
        List<List<String>> rows = new ArrayList<>();
        path.forEach(p -> rows.add(List.of(Words.number(p.absolute()), Words.number(p.looError()), Words.number(p.kare()))));
        String title = "With a ridge of " + Words.number(fit.ridge()) + " the leave-one-out error is " + Words.number(fit.looError())
                + "; the least on the way is "
                + Words.number(best.looError()) + ", at " + Words.number(best.absolute());
        return Panel.of("fit", title, fit + ". The ridges go from 1e-10 to 100 times the mean diagonal of the kernel.")
                .with(Chart.of(errors, eigenvalues))
                .numbers(new DataTable(List.of("ridge", "leave-one-out error", "KARE"), rows));
    }
}
