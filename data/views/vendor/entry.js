import * as core from 'echarts/core';
import {BarChart, LineChart, GraphChart, CustomChart, ScatterChart} from 'echarts/charts';
import {GridComponent, TooltipComponent, LegendComponent, AriaComponent} from 'echarts/components';
import {SVGRenderer} from 'echarts/renderers';
core.use([BarChart, LineChart, GraphChart, CustomChart, ScatterChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, SVGRenderer]);
export const {init, version} = core;
