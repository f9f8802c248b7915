# The module's variables, in a location, in a log, with and without a decision.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;

my @names = qw(level level_rank categories status policy_version subject withheld disclosure ai_choice request_id remote_addr);
my $format = join '|', map { "\$consent_$_" } @names;

$t->run(<<"EOF");
    %%CONSENT%%

    log_format all '\$uri|$format';
    access_log %%DIR%%/lines.log all;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / {
            add_header X-Vars "$format";
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /ai/ { consent_ai on; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { consent off; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /if/ { if (\$consent_level = needed) { return 200 needed; } return 200 other; }
        location /.privacy/ { consent_pages; }
    }

    server {
        listen 127.0.0.1:%%PORT_2%%;
        consent_policy %%DIR%%/policy.json;
        location / { return 200 "\$consent_level \$consent_status"; }
    }

    server {
        listen 127.0.0.1:%%PORT_3%%;
        consent_policy %%DIR%%/policy.json;
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Real-IP;
        location / { return 200 "\$consent_remote_addr"; }
    }
EOF

sub vars {
    my ($line) = @_;
    my %v;

    @v{@names} = split /\|/, $line, -1;
    return \%v;
}

my $v = vars($t->get('/?pnr=1&plats=2', cookie => 'epost=3')->header('X-Vars'));
is($v->{level}, 'needed', 'level');
is($v->{level_rank}, 0, 'its rank');
is($v->{categories}, '', 'categories');
is($v->{status}, 'none', 'status');
is($v->{policy_version}, '2026-11-22', 'version');
is($v->{subject}, '', 'nobody');
is($v->{withheld}, 'contact,identity,location', 'what was withheld');
is($v->{ai_choice}, 'any', 'who may answer');
like($v->{request_id}, qr/^[0-9a-f]{32}$/, 'an id');
is($v->{remote_addr}, '127.0.0.0', 'an address that is cut');

my $cookie = $t->decide(level => 'forms', ai => 'none');
$v = vars($t->get('/?pnr=1', cookie => $cookie)->header('X-Vars'));
is(join(' ', @$v{qw(level level_rank categories status ai_choice withheld)}), 'forms 2 contact,identity given none ',
    'after a decision');
like($v->{subject}, qr/^[0-9a-f]{32}$/, 'somebody');

$v = vars($t->get('/', cookie => $t->decide(categories => ['identity']))->header('X-Vars'));
is(join(' ', @$v{qw(level level_rank categories)}), 'needed 0 identity', 'a choice of her own');

isnt(vars($t->get('/')->header('X-Vars'))->{request_id}, vars($t->get('/')->header('X-Vars'))->{request_id},
    'no two requests have one id');

is($t->get('/if/')->body, 'needed', 'in a condition');
is($t->get('/if/', cookie => $cookie)->body, 'other', 'which knows who asks');

is($t->get('/', port => 3, headers => ['X-Real-IP', '203.0.113.77'])->body, '203.0.113.0', 'IPv4 is cut to /24');
is($t->get('/', port => 3, headers => ['X-Real-IP', '2001:db8:1:2:3:4:5:6'])->body, '2001:db8:1::', 'IPv6 to /48');
is($t->get('/', port => 3, headers => ['X-Real-IP', '::ffff:203.0.113.77'])->body, '::ffff:203.0.113.0',
    'an IPv4 address in IPv6 to /24');

is($t->get('/', port => 2)->body, 'needed none', 'where consent is not switched on');

$t->get('/ai/');
$t->get('/off/?pnr=1');
$t->http("BROKEN\r\n\r\n");

$t->quit;
my $log = $t->read('lines.log');
like($log, qr{^/if/\|needed\|}m, 'in a log');
like($log, qr{^/ai/\|.*\|headers only: [^|]*\|}m, 'how the response was marked');
like($log, qr{^/off/\|needed\|0\|\|none\|[^|]*\|-\|\|}m, 'nothing is withheld where consent is off');
is(scalar(grep { /^\|/ || /^-\|/ } split /\n/, $log), 1, 'a request that nginx refuses at once has a line as well');

done_testing();
