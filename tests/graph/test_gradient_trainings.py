"""Which steps of a loop of one's own train a model of TensorFlow or JAX, and what they learn from."""

from __future__ import annotations

import pytest

from tests.graph.analysed import analysed, nodes

TENSORFLOW = """
import pandas as pd
import tensorflow as tf

rows = tf.data.Dataset.from_tensor_slices(pd.read_csv("s3://shop/rows.csv").values)
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])


def gradients(batch):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(batch) ** 2)
    return zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables)


def main(other):
"""

JAX = """
import jax
import optax
import pandas as pd
from flax.training import train_state

rows = pd.read_csv("s3://shop/rows.csv").values
optimizer = optax.adam(0.1)


def loss(params, batch):
    return (params * batch).mean()


def main(params, held, net, other):
    grads = jax.grad(loss)(params, rows)
    value, both = jax.value_and_grad(loss)(params, rows)
    state = train_state.TrainState.create(apply_fn=net.apply, params=params, tx=optimizer)
"""


def trained_from(code: str, *lines: str) -> list[tuple[str, str]]:
    """What is trained from what."""
    found = analysed({"train.py": code + "".join(f"    {line}\n" for line in lines)})
    names = [str(one.properties["estimator"]) for one in nodes(found, "Training")]
    return [(name, one.label) for name in names for one in nodes(found, "Dataset")]


@pytest.mark.parametrize(
    "optimizer",
    [
        "tf.keras.optimizers.Adam()",
        "tf.keras.optimizers.legacy.SGD(0.1)",
        "tf.optimizers.Adam()",
        "tf.compat.v1.train.AdamOptimizer()",
    ],
)
def test_gradients_that_an_optimizer_of_tensorflow_applies_train_a_model(optimizer: str) -> None:
    lines = ("for batch in rows:", f"    {optimizer}.apply_gradients(gradients(batch))")
    assert trained_from(TENSORFLOW, *lines) == [("TensorFlow model", "s3://shop/rows.csv")]


def test_a_step_in_a_compiled_function_learns_from_what_it_is_called_with() -> None:
    code = TENSORFLOW.replace("def main(other):", "@tf.function\ndef step(batch):")
    code += (
        "    tf.keras.optimizers.Adam().apply_gradients(gradients(batch))\n\n\nfor batch in rows:\n    step(batch)\n"
    )
    assert trained_from(code) == [("TensorFlow model", "s3://shop/rows.csv")]


def test_a_loss_that_an_optimizer_of_tensorflow_minimises_trains_a_model() -> None:
    lines = ("loss = tf.reduce_mean(model(rows))", "tf.keras.optimizers.Adam().minimize(loss, [], tape=other)")
    assert trained_from(TENSORFLOW, *lines) == [("TensorFlow model", "s3://shop/rows.csv")]


def test_the_settings_and_weights_behind_a_gradient_are_no_data() -> None:
    lines = (
        "tf.keras.optimizers.Adam(float(open('rate.txt').read()))",
        "model = tf.keras.models.load_model('s3://shop/start.keras')",
        "loss = model(float(open('scale.txt').read()))",
        "tf.keras.optimizers.Adam().minimize(loss, [], tape=other)",
    )
    assert trained_from(TENSORFLOW, *lines) == []


@pytest.mark.parametrize("pairs", ["[(tape.gradient(loss, x), x)]", "zip(tape.gradient(loss, [x]), [x])"])
@pytest.mark.parametrize(
    ("start", "is_training"), [("held", False), ("tf.random.normal([3])", True), ("other.start", True)]
)
def test_a_variable_that_holds_the_data_is_moved_and_no_model_is_trained(
    start: str, pairs: str, *, is_training: bool
) -> None:
    lines = (
        'held = pd.read_csv("s3://shop/rows.csv").values',
        f"x = tf.Variable({start})",
        "with tf.GradientTape() as tape:",
        "    loss = tf.reduce_mean((model(held) - x) ** 2)",
        f"tf.keras.optimizers.Adam().apply_gradients({pairs})",
    )
    assert bool(trained_from(TENSORFLOW, *lines)) == is_training


@pytest.mark.parametrize("other", ["gradients(rows)", "other.apply_gradients(gradients(rows))"])
def test_no_optimizer_of_tensorflow_is_no_training(other: str) -> None:
    assert trained_from(TENSORFLOW, other) == []


@pytest.mark.parametrize(
    "step",
    [
        "optax.apply_updates(params, optimizer.update(grads, held)[0])",
        "updates, held = optimizer.update(both, held, params); params = optax.apply_updates(params, updates)",
        "state.apply_gradients(grads=grads)",
        "state.apply_gradients(grads=both).apply_gradients(grads=other)",
    ],
)
def test_updates_that_are_applied_train_a_model_of_jax(step: str) -> None:
    assert trained_from(JAX, step) == [("JAX model", "s3://shop/rows.csv")]


@pytest.mark.parametrize("other", ["optimizer.update(grads, held)", "other.apply_gradients(grads=grads)"])
def test_what_applies_nothing_is_no_training_of_jax(other: str) -> None:
    assert trained_from(JAX, other) == []
