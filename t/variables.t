# The variables say what is in force, wherever and whenever they are read, and nothing else.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $up = $t->upstream({ headers => ['Content-Type', 'text/html'], body => '<!doctype html><html><head></head><body>x</body></html>' });

$t->keys;
$t->policy(sub { $_[0]{version} = '7_b' });

my @names = map { "consent_$_" } qw(level level_rank categories status policy_version subject withheld disclosure ai_choice
    request_id remote_addr);
my $all = join '', map { "            add_header X-$_ \"<\$$_>\" always;\n" } @names;
my $format = join ' ', map { "$_=\$$_" } @names;

$t->run(<<"EOT");
    %%CONSENT%%
    log_format all escape=none '\$uri $format';
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Real-IP;
    map \$consent_level \$mapped { default 'at \$consent_level'; needed 'at the first'; }

    server {
        listen 127.0.0.1:%%PORT_0%%;
        access_log %%DIR%%/all.log all;
        consent on;
$all
        location / { proxy_set_header X-Told "\$consent_level \$consent_categories \$mapped"; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /ai/ { consent_ai on; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { consent off; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /report/ { consent report; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /forms/ { consent_require forms; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /early/ {
            set \$early "\$consent_level \$consent_level_rank [\$consent_categories] \$consent_status";
            if (\$consent_level = forms) { return 200 "in if: \$early"; }
            return 200 \$early;
        }
        location /.privacy/ { consent_pages; }
    }
EOT

sub variables {
    my ($r) = @_;
    return { map { my $v = $r->header("X-consent_$_") // ''; ($_ => $v =~ /^<(.*)>$/ ? $1 : '') } map { s/^consent_//r } @names };
}

sub ask { return variables($t->get(@_)) }

my $v = ask('/?pnr=1');
is($v->{level}, 'needed', 'level');
is($v->{level_rank}, '0', 'its rank');
is($v->{categories}, '', 'categories');
is($v->{status}, 'none', 'status');
is($v->{policy_version}, '7_b', 'version of the policy');
is($v->{subject}, '', 'no subject before a decision');
is($v->{withheld}, 'identity', 'what was withheld');
is($v->{ai_choice}, 'any', 'who may answer');
is($v->{disclosure}, '', 'nothing to disclose');
like($v->{request_id}, qr/^[0-9a-f]{32}$/, 'the request\'s id');
isnt(ask('/')->{request_id}, $v->{request_id}, 'is another one for each');
is($up->last->header('X-Told'), 'needed  at the first', 'they can be passed on');

is(ask('/?pnr=1&plats=2&utm_x=3', cookie => 'epost=1; ort=1')->{withheld}, 'contact,identity,location,statistics', 'all of what was withheld');
is(ask('/?q=1')->{withheld}, '', 'or nothing');
ask('/ai/');
ask('/ai/', headers => ['Sec-Fetch-Dest', 'empty']);

for (['192.0.2.77', '192.0.2.0'], ['2001:db8:1:2:3:4:5:6', '2001:db8:1::'], ['::ffff:192.0.2.77', qr/192\.0\.2\.0$/]) {
    my ($address, $cut) = @$_;
    my $got = ask('/', headers => ['X-Real-IP', $address])->{remote_addr};
    ref $cut ? like($got, $cut, "the address $address is cut") : is($got, $cut, "the address $address is cut");
    unlike($got, qr/77|:3:|:6/, 'for good');
}

my $r = $t->get('/forms/?pnr=1', headers => ['Accept', 'application/json']);
is($r->json->{code}, substr(variables($r)->{request_id}, 0, 8), 'the code of a refusal begins the request\'s id');

# after decisions

my $cookie = $t->decide(level => 'forms', ai => 'none');
$v = ask('/?pnr=1&plats=2', cookie => $cookie);
is("$v->{level} $v->{level_rank} $v->{categories} $v->{status} $v->{ai_choice}", 'forms 2 contact,identity given none', 'what she has given');
like($v->{subject}, qr/^[0-9a-f]{32}$/, 'a pseudonym');
is($v->{withheld}, 'location', 'what is still withheld');
is($up->last->header('X-Told'), 'forms contact,identity at forms', 'passed on');
is(ask('/', cookie => $cookie)->{subject}, $v->{subject}, 'the pseudonym stays');
isnt(ask('/', cookie => $t->decide(level => 'forms'))->{subject}, $v->{subject}, 'and is hers alone');

is($t->get('/early/')->body, 'needed 0 [] none', 'read early');
is($t->get('/early/', cookie => $cookie)->body, 'in if: forms 2 [contact,identity] given', 'read early, after a decision');

my $custom = $t->decide(categories => ['location', 'health']);
$v = ask('/', cookie => $custom);
is("$v->{level} $v->{level_rank} $v->{categories} $v->{status}", 'needed 0 location,health given', 'single items');

my $refused = $t->decide(level => 'needed');
is(ask('/', cookie => $refused)->{status}, 'refused', 'refused');
$t->request('DELETE', '/.privacy/api/v1/state', cookie => $cookie, headers => ['Sec-Fetch-Site', 'same-origin']);
$v = ask('/', cookie => $cookie);
is("$v->{level} $v->{status} [$v->{categories}]", 'needed withdrawn []', 'withdrawn');

# report, off, elsewhere

$v = ask('/report/?pnr=1');
is("$v->{level} $v->{withheld}", 'needed identity', 'report: what would have been');
is(ask('/off/?pnr=1')->{withheld}, '', 'off: nothing is withheld');

$t->quit;
like($t->read('all.log'), qr/^\/ consent_level=forms consent_level_rank=2 .*consent_withheld=location /m, 'in logs');
like($t->read('all.log'), qr/^\/ai\/ .*consent_disclosure=sent /m, 'what was said of an AI');
like($t->read('all.log'), qr/^\/ai\/ .*consent_disclosure=headers only: /m, 'or how little');
unlike($t->read('all.log'), qr/=<|\$consent/, 'all of them have values');

done_testing;
