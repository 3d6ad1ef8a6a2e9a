#!/bin/sh
# From a trained checkpoint to the shipped folder: export, sheet, measurements, card. Needs the packages built.
# sh tiny_diffusion/ship.sh CLIP_RUN FLOW_RUN DATA WORK        (in models/recipes, with PYTHON set)
set -eu
clip=$1 flow=$2 data=$3 work=$4
python=${PYTHON:-python} world=../tiny-world
# A folder whose card is of other files would not open.
rm -f "$world/tiny-diffusion/pipeline-card.json"
PYTHONPATH=. "$python" -m tiny_diffusion.export --clip "$clip" --run "$flow" --out "$world/tiny-diffusion"
node tiny_diffusion/draw-sheet.mjs --model "$world/tiny-diffusion" --out "$world/tiny-diffusion/sheet.png"
PYTHONPATH=. "$python" -m tiny_diffusion.training_set --bank "$world/bank" --out "$world/tiny-diffusion"
PYTHONPATH=. "$python" -m tiny_diffusion.measure --data "$data" --world "$world" --out "$work/tiny-diffusion.json"
PYTHONPATH=. "$python" -m tiny_diffusion.card --model "$world/tiny-diffusion" --measured "$work/tiny-diffusion.json"
cp "$world/tiny-diffusion/sheet.png" ../../packages/diffusion/sheets/tiny-diffusion.png
